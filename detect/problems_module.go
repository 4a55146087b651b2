package detect

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// loadedModules pairs each LoadModule line with the module that it loads.
func (e *evidence) loadedModules() map[Loaded]Module {
	pairs := map[Loaded]Module{}
	if e.Apache == nil {
		return pairs
	}
	for _, line := range e.Apache.Loaded {
		for _, m := range e.Modules {
			if e.Same(m.Path, line.Path) {
				pairs[line] = m
			}
		}
	}
	return pairs
}

// ownModules are those of the virtualenv.
func (e *evidence) ownModules() []Module {
	var own []Module
	for _, m := range e.Modules {
		if e.Virtualenv != nil && strings.HasPrefix(m.Path, e.Virtualenv.Path+"/") {
			own = append(own, m)
		}
	}
	return own
}

// winner is the LoadModule line that counts: Apache skips the later ones.
func (e *evidence) winner() (Loaded, Module, bool) {
	if e.Apache == nil || len(e.Apache.Loaded) == 0 {
		return Loaded{}, Module{}, false
	}
	line := e.Apache.Loaded[0]
	m, found := e.loadedModules()[line]
	return line, m, found
}

func moduleMissing(e *evidence) []Problem {
	var found []Problem
	if e.Apache == nil {
		return nil
	}
	for _, line := range e.Apache.Loaded {
		if e.IsFile(line.Path) {
			continue
		}
		remedy := e.buildModule()
		if line.IsManaged() {
			remedy = "wsgictl apply, in one of the projects that \"wsgictl status\" lists"
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("%s:%d loads %s, which is not there", line.File, line.Line, line.Path),
			Consequence: "Apache does not start",
			Remedy:      remedy,
		})
	}
	return found
}

// buildModule is the command that puts a fitting module into the virtualenv.
func (e *evidence) buildModule() string {
	dir := "DIR"
	if e.Virtualenv != nil {
		dir = ShellArgument(e.Virtualenv.Path)
	}
	force := ""
	if len(e.ownModules()) > 0 {
		force = "--force "
	}
	return "wsgictl install-module " + force + "--venv " + dir
}

// unload is what takes one LoadModule line out of the configuration.
func (e *evidence) unload(line Loaded) string {
	places, _ := e.Apache.Places(nil) // of a layout without them nothing is disabled by a command
	if words := places.Load.DisableWords(line.File); words != nil {
		return strings.Join(words, " ")
	}
	return fmt.Sprintf("remove line %d of %s", line.Line, line.File)
}

// moduleOfOtherPython compares the virtualenv's Python with the module in it,
// and with the module that Apache loads: a virtualenv cannot change the
// version that a module was compiled for.
func moduleOfOtherPython(e *evidence) []Problem {
	v := e.Virtualenv
	if v == nil || MinorVersion(v.Version) == "" {
		return nil
	}
	wanted := MinorVersion(v.Version)
	var found []Problem
	fits := false
	for _, m := range e.ownModules() {
		if m.Python == wanted || m.Python == "" {
			fits = true
			continue
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("%s was compiled for Python %s, the virtualenv has %s", m.Path, m.Python, v.Version),
			Consequence: "Python finds none of the virtualenv's packages, or does not start (\"No module named 'encodings'\")",
			Remedy:      e.buildModule(),
		})
	}
	if fits {
		found = nil // one for each of several Pythons may stand side by side
	}
	if line, m, ok := e.winner(); ok && m.Python != "" && m.Python != wanted {
		remedy := e.unload(line)
		switch {
		case line.IsManaged():
			remedy = fmt.Sprintf("python%s -m venv --clear %s, for the sites that \"wsgictl status\" lists need the module for %[1]s; then install the packages again",
				m.Python, ShellArgument(v.Path))
		case len(e.ownModules()) == 0:
			remedy += " && " + e.buildModule()
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("%s:%d loads a module for Python %s, the virtualenv %s has %s", line.File, line.Line, m.Python, v.Path, v.Version),
			Consequence: "the application runs under Python " + m.Python + " without the virtualenv's packages, or Python does not start",
			Remedy:      remedy,
		})
	}
	return found
}

// concerned are the modules that this Apache loads, or the virtualenv's.
func (e *evidence) concerned() []Module {
	modules := e.ownModules()
	if _, m, ok := e.winner(); ok {
		modules = append(modules, m)
	}
	var once []Module
	known := []string{}
	for _, m := range modules {
		if len(appendNew(known, m.Path)) > len(known) {
			known = append(known, m.Path)
			once = append(once, m)
		}
	}
	return once
}

func moduleOfOtherApache(e *evidence) []Problem {
	var found []Problem
	if e.Apache == nil {
		return nil
	}
	has, _, _ := strings.Cut(e.Apache.MagicNumber, ":")
	for _, m := range e.concerned() {
		needs, _, _ := strings.Cut(m.MagicNumber, ":")
		if needs == "" || has == "" || needs == has {
			continue
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("%s was compiled for the module magic number %s, %s has %s", m.Path, needs, e.Apache.Path, has),
			Consequence: "Apache refuses the module and does not start",
			Remedy:      e.buildModule(),
		})
	}
	return found
}

func moduleOfOtherArchitecture(e *evidence) []Problem {
	var found []Problem
	for _, m := range e.concerned() {
		if e.Apache == nil || m.Arch == "" || e.programArch == "" || m.Arch == e.programArch {
			continue
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("%s is made for %s, %s for %s", m.Path, m.Arch, e.Apache.Path, e.programArch),
			Consequence: "Apache cannot load the module and does not start",
			Remedy:      e.buildModule(),
		})
	}
	return found
}

// muslSafe is the first release whose daemon processes start on musl.
var muslSafe = modwsgi.MustParseRelease("4.8.0")

func moduleTooOldForMusl(e *evidence) []Problem {
	var found []Problem
	for _, m := range e.concerned() {
		release, err := modwsgi.ParseRelease(m.Release)
		if e.System.LibC != "musl" || err != nil || !release.Predates(muslSafe) {
			continue
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("%s is mod_wsgi %s, and this host's C library is musl", m.Path, m.Release),
			Consequence: "daemon processes crash when they start",
			Remedy:      e.buildModule(),
		})
	}
	return found
}

func twoModulesLoaded(e *evidence) []Problem {
	if e.Apache == nil || len(e.Apache.Loaded) < 2 {
		return nil
	}
	first, second := e.Apache.Loaded[0], e.Apache.Loaded[1]
	remedy := e.unload(second)
	own := e.ownModules()
	if second.IsManaged() || !first.IsManaged() && len(own) > 0 && e.Same(own[0].Path, second.Path) {
		remedy = e.unload(first)
	}
	return one(fmt.Sprintf("wsgi_module is loaded twice: %s:%d loads %s, %s:%d loads %s",
		first.File, first.Line, first.Path, second.File, second.Line, second.Path),
		"Apache takes the first and skips the second, whichever Python that was for", remedy)
}

// libpythonNotFound is a module whose libpython the loader would not find,
// unless the configuration loads that file by name first.
func libpythonNotFound(e *evidence) []Problem {
	var found []Problem
	for _, m := range e.concerned() {
		if m.Libpython == "" || m.Resolved != "" || e.loadedFirst(m.Libpython) {
			continue
		}
		remedy := e.buildModule()
		if e.Virtualenv != nil && e.Virtualenv.Home != "" {
			remedy = e.packages.libpythonFor(m, *e.Virtualenv)
		}
		if e.Python != nil && e.Python.Libpython != "" && e.Python.MinorVersion() == m.Python {
			remedy = fmt.Sprintf("put this line before LoadModule: LoadFile %q", e.Python.Libpython)
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("%s needs %s, which the loader finds neither by the module's run path nor in its own folders", m.Path, m.Libpython),
			Consequence: fmt.Sprintf("Apache does not start: %s: cannot open shared object file", m.Libpython),
			Remedy:      remedy,
		})
	}
	return found
}

// loadedFirst reports whether a LoadFile line brings the library.
func (e *evidence) loadedFirst(library string) bool {
	if e.configuration == nil {
		return false
	}
	for _, file := range e.configuration.loadedFiles {
		if filepath.Base(file) == filepath.Base(library) && e.IsFile(file) {
			return true
		}
	}
	return false
}

// libpythonOfOther is a module whose loader finds a libpython of the right
// version, but of another installation than the virtualenv's base.
func libpythonOfOther(e *evidence) []Problem {
	if e.Virtualenv == nil || e.Python == nil || e.Python.Libpython == "" {
		return nil
	}
	var found []Problem
	for _, m := range e.concerned() {
		if m.Resolved == "" || m.Python != e.Python.MinorVersion() || e.Same(m.Resolved, e.Python.Libpython) {
			continue
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("%s would run with %s, the virtualenv's Python has %s", m.Path, e.Real(m.Resolved), e.Python.Libpython),
			Consequence: "the library of one Python runs the standard library of another: compiled modules may fail to import",
			Remedy:      fmt.Sprintf("put this line before LoadModule: LoadFile %q", e.Python.Libpython),
		})
	}
	return found
}
