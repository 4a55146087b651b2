package audit

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Use is a file or folder by which Apache goes while it is root still: before
// its children give that up. Whoever can change it becomes root by it.
type Use struct {
	Path string // absolute
	*Purpose

	// One of these brings it: a directive, an Include, or for what no line
	// brings the first line of a file.
	directive *conf.Directive
	link      *conf.Link
	file      *conf.File
}

// A Purpose is what Apache does with a file.
type Purpose struct {
	Verb     string // "loads"
	AtTest   bool   // "httpd -t" does it as well
	Severity Severity
	help     string // what to do instead; empty for the rule's remedy

	// entry says that what the file holds does no harm, but where it lies does:
	// who can put a link in its place has root write to another file.
	entry bool
}

// What "httpd -t" does was seen by tracing it. It reads and loads, and runs
// nothing, opens no log and no key; modules of others may, such as mod_security,
// whose directives open logs.
var (
	runsProgram = &Purpose{Verb: "runs", AtTest: true, Severity: Error}
	readsConf   = &Purpose{Verb: "reads its configuration from", AtTest: true, Severity: Error}
	looksFor    = &Purpose{Verb: "looks for its configuration in", AtTest: true, Severity: Error}
	goesBy      = &Purpose{Verb: "decides what it reads by", AtTest: true, Severity: Error}
	readsVars   = &Purpose{Verb: "takes variables from", AtTest: true, Severity: Error}
	loadsCode   = &Purpose{Verb: "loads", AtTest: true, Severity: Error}
	loadsModule = &Purpose{Verb: "loads", AtTest: true, Severity: Error,
		help: "Run \"wsgictl install-module\" as root, which keeps the module in a folder of root's, and load that one; the virtualenv stays the Python home."}
	startsPython = &Purpose{Verb: "starts the Python in", Severity: Error,
		help: "Delete WSGILazyInitialization Off: Python is then started in the children alone, which are not root any more."}
	entersRoot = &Purpose{Verb: "takes for its root, and looks for libraries in,", Severity: Error,
		help: "Give the folder of chroot= to root, with all that the system looks for in it: lib, etc and what is on the way."}
	startsProgram = &Purpose{Verb: "starts", Severity: Error}
	startsCode    = &Purpose{Verb: "loads at its start", Severity: Error}
	writesLog     = &Purpose{Verb: "opens for writing", Severity: Error, entry: true,
		help: "Write logs to a folder that root alone can change; what others are to read can be given to them by the rights of the files."}
	writesLogAtTest = &Purpose{Verb: "opens for writing", AtTest: true, Severity: Error, entry: true, help: writesLog.help}
	takesKey        = &Purpose{Verb: "takes a private key from", Severity: Warning,
		help: "Give the key, and each folder on the way to it, to root: who can exchange it keeps Apache from starting, and answers in its name."}
)

// usesAsRoot tells of the files by which Apache goes as root, as far as the
// configuration names them.
func usesAsRoot(v *wsgi.View, tell func(Use)) {
	startUses(v, tell)
	textUses(v, tell)
	loadUses(v, tell)
	pythonUses(v, tell)
	chrootUses(v, tell)
	directiveUses(v, tell)
}

// textUses are the files of the configuration, the folders in which others may
// appear, and what decides whether they are read.
func textUses(v *wsgi.View, tell func(Use)) {
	left := v.Config.Files
	for _, source := range v.Config.Includes {
		if len(left) == 0 || source.File != left[0] {
			continue // it was read before
		}
		left = left[1:]
		if path.IsAbs(source.File.Name) {
			tell(Use{Path: source.File.Name, Purpose: readsConf, link: source.From, file: source.File})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.Config.Searched)) {
		link, purpose := v.Config.Searched[name], looksFor
		if strings.HasPrefix(link.Directive, "<") { // IfFile
			purpose = goesBy
		}
		tell(Use{Path: name, Purpose: purpose, link: link})
	}
}

// loadUses are modules and libraries that are loaded, and those that they need.
func loadUses(v *wsgi.View, tell func(Use)) {
	load := func(d *conf.Directive, name string, purpose *Purpose) {
		if v.Httpd.IsNever(d) || !isPath(name) {
			return
		}
		file := rooted(v, name)
		tell(Use{Path: file, Purpose: purpose, directive: d})
		for _, library := range v.LibrariesFor(file) {
			tell(Use{Path: library, Purpose: loadsCode, directive: d})
		}
	}
	for _, d := range v.Config.Loads {
		if d.Word(0) == "wsgi_module" {
			load(d, d.Word(1), loadsModule)
		} else {
			load(d, d.Word(1), loadsCode)
		}
	}
	for _, d := range v.Config.LoadFiles {
		for _, name := range d.Words() {
			load(d, name, loadsCode)
		}
	}
}

// pythonUses are the files of a Python that the parent process starts: with
// WSGILazyInitialization Off, which mod_wsgi 6 does not know any more
// (wsgi_python_init in wsgi_hook_init).
func pythonUses(v *wsgi.View, tell func(Use)) {
	lazy, home := v.Main().Last("WSGILazyInitialization"), v.Main().Last("WSGIPythonHome")
	if lazy == nil || home == nil || !strings.EqualFold(lazy.Word(0), "Off") || !path.IsAbs(home.Word(0)) {
		return
	}
	folder := path.Clean(home.Word(0))
	names := []string{folder, folder + "/pyvenv.cfg"}
	for _, entry := range v.Config.List(folder + "/lib") {
		names = append(names, path.Join(folder, "lib", entry.Name(), "site-packages"))
	}
	for _, name := range names {
		if v.Config.Exists(name) {
			tell(Use{Path: name, Purpose: startsPython, directive: home})
		}
	}
}

// chrootUses are the folders that processes of groups go into before they give
// up root: they look up accounts there, by libraries that lie there
// (wsgi_setup_access).
func chrootUses(v *wsgi.View, tell func(Use)) {
	for _, group := range v.Daemons {
		if folder, ok := group.Options.Get("chroot"); ok && path.IsAbs(folder) && isPath(folder) {
			tell(Use{Path: path.Clean(folder), Purpose: entersRoot, directive: group.Directive})
		}
	}
}

// rooted is a path as seen from the ServerRoot (ap_server_root_relative).
func rooted(v *wsgi.View, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(v.Config.ServerRoot, name)
}

// isPath tells whether a word can be looked at: it is not empty, no variable is
// left in it, and it names no device or stream of the process. In /dev/shm
// anybody can make files.
func isPath(name string) bool {
	if name == "" || strings.Contains(name, "${") || conf.HasMark(name) {
		return false
	}
	name = path.Clean(name)
	isDevice := strings.HasPrefix(name, "/dev/") && !strings.HasPrefix(name, "/dev/shm/")
	return !isDevice && !strings.HasPrefix(name, "/proc/")
}
