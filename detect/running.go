package detect

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A process is one entry of /proc.
type process struct {
	pid, parent int
	name        string // as the kernel keeps it, at most 15 characters
	state       byte   // 'Z' is a zombie
	program     string // the file that runs; empty where the caller may not know
	arguments   []string
}

// runningHTTPDs lists the parent processes of Apache servers. On hosts
// without /proc it gives none, and the pid file alone tells.
func (t tree) runningHTTPDs() []process {
	all := map[int]process{}
	for _, dir := range t.processFolders() {
		if !slices.Contains(httpdNames, t.commandName(dir)) {
			continue // the name alone is cheaper to have than the whole state
		}
		if p, ok := t.readProcess(dir); ok && p.state != 'Z' {
			all[p.pid] = p
		}
	}
	var parents []process
	for _, p := range all {
		if _, isChild := all[p.parent]; !isChild {
			parents = append(parents, p)
		}
	}
	slices.SortFunc(parents, func(a, b process) int { return a.pid - b.pid })
	for i := range parents {
		t.readProgram(&parents[i])
	}
	return parents
}

// processFolders are those that /proc has for each process.
func (t tree) processFolders() []string {
	var folders []string
	for _, name := range t.Names("/proc") {
		if name[0] >= '1' && name[0] <= '9' {
			folders = append(folders, "/proc/"+name)
		}
	}
	return folders
}

// Children gives the pids, in order, of the processes that a process has
// started and that have not ended. On hosts without /proc it gives none.
func Children(parent int) []int { return treeAt("").children(parent) }

func (t tree) children(parent int) []int {
	var pids []int
	for _, dir := range t.processFolders() {
		if p, ok := t.readProcess(dir); ok && p.parent == parent && p.state != 'Z' {
			pids = append(pids, p.pid)
		}
	}
	slices.Sort(pids)
	return pids
}

// readProcess parses /proc/PID/stat: "pid (name) state parent ...".
func (t tree) readProcess(dir string) (process, bool) {
	text, err := t.Read(filepath.Join(dir, "stat"))
	if err != nil {
		return process{}, false
	}
	open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return process{}, false
	}
	fields := strings.Fields(text[end+1:])
	pid, err := strconv.Atoi(filepath.Base(dir))
	if err != nil || len(fields) < 2 {
		return process{}, false
	}
	parent, _ := strconv.Atoi(fields[1])
	return process{pid: pid, parent: parent, name: text[open+1 : end], state: fields[0][0]}, true
}

func (t tree) readProgram(p *process) {
	dir := "/proc/" + strconv.Itoa(p.pid)
	if program, err := os.Readlink(t.At(dir + "/exe")); err == nil {
		p.program = strings.TrimSuffix(program, " (deleted)") // upgraded while it runs
	}
	text, _ := t.Read(dir + "/cmdline")
	p.arguments = strings.Split(strings.TrimRight(text, "\x00"), "\x00")
	if p.program == "" && len(p.arguments) > 0 && filepath.IsAbs(p.arguments[0]) {
		p.program = p.arguments[0]
	}
}

// usesOwnConfig reports whether a server was started with a configuration or
// a server root of its own, such as one of mod_wsgi-express: it is then not
// the system's server, though it may run the system's program.
func (p process) usesOwnConfig(a *Apache) bool {
	for i, argument := range p.arguments {
		value := ""
		if i+1 < len(p.arguments) {
			value = p.arguments[i+1]
		}
		if argument == "-f" && value != a.ConfigFile && below(a.ServerRoot, value) != a.ConfigFile {
			return true
		}
		if argument == "-d" && filepath.Clean(value) != filepath.Clean(a.ServerRoot) {
			return true
		}
	}
	return false
}

// startedApart reports whether a server was started with a configuration of
// its own that is not one of a known layout.
func (p process) startedApart() bool {
	for i, argument := range p.arguments[:max(0, len(p.arguments)-1)] {
		value := p.arguments[i+1]
		if argument == "-d" || argument == "-f" && !slices.ContainsFunc(layouts, func(row layoutRow) bool {
			return slices.ContainsFunc(row.configFiles, func(file string) bool {
				return slices.ContainsFunc(row.serverRoots, func(root string) bool { return below(root, file) == value })
			})
		}) {
			return true
		}
	}
	return false
}

// pidOf gives the pid of the server of an httpd and its own configuration: a
// process that runs it, or the one that its pid file names.
func (t tree) pidOf(a *Apache, running []process) int {
	for _, p := range running {
		if p.program != "" && t.Same(p.program, a.Path) && !p.usesOwnConfig(a) {
			return p.pid
		}
	}
	text, err := t.Read(a.PIDFile)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || !t.alive(pid) {
		return 0
	}
	return pid
}

// alive reports whether a process of Apache's name has the pid; a stale pid
// file often names a process of another program.
func (t tree) alive(pid int) bool {
	if t.IsDir("/proc/self") {
		p, ok := t.readProcess("/proc/" + strconv.Itoa(pid))
		return ok && p.state != 'Z' && slices.Contains(httpdNames, p.name)
	}
	return t.IsHere() && processExists(pid)
}
