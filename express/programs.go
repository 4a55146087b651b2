package express

import (
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/wsgictl/wsgictl/templates"
)

// programs are those that apachectl is run by, or runs beside Apache.
type programs struct {
	shell   string
	gdb     string // empty to run Apache without it
	wsgictl string // that a graceful restart asks; empty for one that does without
	notes   notes
}

// settlePrograms refuses a shell that could not run apachectl, and a debugger that is
// not there.
func settlePrograms(o Options, place workplace) (programs, error) {
	who := place.who
	p := programs{shell: findShell(o.ShellExecutable, who)}
	if o.EnableGDB {
		p.gdb = who.program(o.GDBExecutable)
	}
	if err := who.checkUses(p.uses(place)); err != nil {
		return p, err
	}
	if err := checkProgram("shell-executable", p.shell); err != nil {
		return p, err
	}
	if who.isRoot() && p.gdb != "" {
		if err := checkProgram("gdb-executable", p.gdb); err != nil {
			return p, err
		}
	}
	if o.ProcessName != "" && !namesProcesses(p.shell) {
		p.notes = note("--process-name: %s cannot name a process; name bash with --shell-executable", p.shell)
	}
	if o.mode() != templates.DaemonMode || who.Program == "" {
		return p, nil
	}
	if err := who.trusted.Check(who.Program); err != nil { // somebody else could exchange it by then
		p.notes = append(p.notes, note("\"apachectl graceful\" does without wsgictl, and does not see a certificate by which Apache would exit: root would run %v.", err)...)
		return p, nil
	}
	p.wsgictl = who.Program
	return p, nil
}

// uses are those of root. A debugger reads what it finds beside what it debugs.
func (p programs) uses(place workplace) []use {
	uses := []use{{option: "shell-executable", path: p.shell, how: "apachectl is run with it"}}
	if p.gdb == "" {
		return uses
	}
	return append(uses,
		use{option: "gdb-executable", path: p.gdb, how: "it is run"},
		use{option: "enable-gdb", path: place.dir, how: "what it holds is debugged"},
		use{option: "enable-gdb", path: place.python.home, how: "what it holds is debugged"})
}

// findShell is the shell that was named, else bash where there is one, for only some
// shells can name the process that they become.
func findShell(named string, who identity) string {
	if named != "" {
		return who.program(named)
	}
	for _, name := range []string{"bash", "sh"} {
		for _, dir := range append(filepath.SplitList(who.env("PATH")), "/usr/local/bin", "/bin") {
			if path := filepath.Join(dir, name); filepath.IsAbs(path) && isProgram(path) && who.trusted.Check(path) == nil {
				return path
			}
		}
	}
	return "/bin/sh"
}

// checkProgram refuses the program of an option that is not there.
func checkProgram(option, path string) error {
	if !filepath.IsAbs(path) || !isProgram(path) {
		return fmt.Errorf("--%s %s: no such program", option, path)
	}
	return nil
}

func isProgram(path string) bool {
	_, err := exec.LookPath(path)
	return err == nil
}

// namesProcesses reports whether a shell has "exec -a".
func namesProcesses(shell string) bool {
	switch filepath.Base(shell) {
	case "bash", "zsh", "ksh", "mksh":
		return true
	}
	return false
}
