package detect

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// LetRead says what to do about a path that accounts cannot read, since a folder is
// closed to them, or the path itself.
func LetRead(path, barrier string) string {
	const meaning = "let every account pass through that folder to what in it is readable for all"
	if barrier == treeAt("").rootsHome() {
		return fmt.Sprintf("move %s out of root's home, such as to /srv; only if that cannot be, %s (chmod o+x %s)", path, meaning, ShellArgument(barrier))
	}
	return fmt.Sprintf("move it, or %s (chmod o+x %s)", meaning, ShellArgument(barrier))
}

// rootsHome is a folder that is no place for what others have to read.
func (t tree) rootsHome() string {
	if root, known := t.Account("root"); known && root.Home != "" && root.Home != "/" {
		return root.Home
	}
	return "/root"
}

// toLetRead is the remedy for a path that an account cannot read.
func (e *evidence) toLetRead(path ReadPath, barrier string, who trust.Account) string {
	open, other := e.openUp(barrier, who), e.otherPython(path, who)
	switch {
	case barrier == e.rootsHome() && other != "":
		return other + "; only if that cannot be, open root's home: " + open
	case barrier == e.rootsHome():
		return "move " + path.Path + " out of root's home, such as to /srv; only if that cannot be, open root's home: " + open
	case other != "":
		return open + "; or " + other
	}
	return open
}

// openUp is the command that lets a user pass a folder: for this user only
// where access control lists are at hand.
func (e *evidence) openUp(barrier string, who trust.Account) string {
	bits := "x"
	if !e.IsDir(barrier) {
		bits = "r"
	} else if e.Virtualenv != nil && strings.HasPrefix(barrier, e.Virtualenv.Path) {
		bits = "rx"
	}
	if e.hasProgram("setfacl") {
		return fmt.Sprintf("setfacl -m u:%s:%s %s", who.Name, bits, ShellArgument(barrier))
	}
	return fmt.Sprintf("chmod o+%s %s", bits, ShellArgument(barrier))
}

// otherPython makes the virtualenv with the system's Python where its base lies in
// somebody's private folder, which is better left private. Empty where that is no
// remedy.
func (e *evidence) otherPython(path ReadPath, who trust.Account) string {
	const system = "/usr/bin/python3"
	if path.Consequence != CrashLoop || e.Virtualenv == nil || path.Path == e.Virtualenv.Path || !e.IsProgram(system) || e.barrier(system, who) != "" {
		return ""
	}
	return "leave it closed and use another Python: " + e.Virtualenv.makeAgain(system)
}
