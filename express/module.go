package express

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// A module is the mod_wsgi that Apache loads.
type module struct {
	file      detect.Module
	release   modwsgi.Release
	libpython string // to load first; empty for none
	kept      bool   // by root, in a folder of its own
	notes     notes
}

// ownModule takes the virtualenv's own module, or Apache's if that was built
// for the same Python. Without a virtualenv the module tells the Python.
func ownModule(a apache, python interpreter, who identity) (module, interpreter, error) {
	candidates, err := modulesAtHand(a, python)
	if err != nil {
		return module{}, python, err
	}
	for _, file := range candidates {
		if python.venv != nil && file.Python != detect.MinorVersion(python.venv.Version) {
			continue
		}
		if python.venv == nil {
			if python, err = systemPython(file, who); err != nil {
				return module{}, python, err
			}
		}
		found, err := newModule(file, python, who)
		return found, python, err
	}
	if python.venv == nil {
		return module{}, python, errors.New("find mod_wsgi: no virtualenv is at hand, and Apache has no mod_wsgi of its own; " +
			"make one (python3 -m venv .venv) and build mod_wsgi into it (wsgictl install-module)")
	}
	return module{}, python, fmt.Errorf("find mod_wsgi: none for Python %s in %s; build it with\n  wsgictl install-module --venv %s",
		detect.MinorVersion(python.venv.Version), python.venv.Path, detect.ShellArgument(python.venv.Path))
}

// modulesAtHand are those of the virtualenv and that of Apache.
func modulesAtHand(a apache, python interpreter) (files []detect.Module, err error) {
	if python.venv != nil {
		if files, err = detect.VirtualenvModules(*python.venv); err != nil {
			return nil, err
		}
	}
	if file, err := detect.ReadModule(a.moduleFile("wsgi")); err == nil {
		files = append(files, file)
	}
	return files, nil
}

// newModule takes a module, with the libpython that it needs.
func newModule(file detect.Module, python interpreter, who identity) (module, error) {
	m := module{file: file}
	if file.Release != "" {
		release, err := modwsgi.ParseRelease(file.Release)
		if err != nil {
			return m, err
		}
		m.release = release
	}
	if python.venv != nil {
		m.libpython = detect.LibpythonToLoad(file, *python.venv)
	}
	return m, m.checkLoaded(who)
}

// checkLoaded refuses a module or libpython that somebody else could change: Apache
// loads them as root.
func (m module) checkLoaded(who identity) error {
	for _, path := range []string{m.file.Path, m.file.Beside, cmp.Or(m.libpython, m.file.Resolved)} {
		if err := who.checkUse(path); err != nil {
			return use{option: "venv", how: "it is loaded"}.refused(err)
		}
	}
	return nil
}

// check refuses a module that the application or Apache could not load, and options
// that it does not know.
func (m module) check(o Options, place workplace, envvars string, telemetry telemetry) error {
	if err := m.checkReadable(place.who); err != nil {
		return err
	}
	if err := m.checkLibpython(place.python, place.who, envvars); err != nil {
		return err
	}
	return wrongUse(cmp.Or(telemetry.checkMode(o.mode(), m.release), m.checkRelease(o)))
}

// checkReadable refuses a module that the application's account cannot read.
func (m module) checkReadable(who identity) error {
	if m.kept {
		return nil // by then Apache has loaded it as root
	}
	if err := who.checkReadable(m.file.Path); err != nil {
		return fmt.Errorf("mod_wsgi: %w", err)
	}
	return nil
}

// checkLibpython refuses a module that Apache could not load, as in an image for
// containers that has the interpreter without its shared library. Apache also
// looks where LD_LIBRARY_PATH says, which envvars may set.
func (m module) checkLibpython(python interpreter, who identity, envvars string) error {
	if python.venv == nil || m.libpython != "" {
		return nil
	}
	remedy := detect.LibpythonRemedy(m.file, *python.venv)
	if remedy == "" {
		return nil
	}
	for _, folder := range filepath.SplitList(who.env("LD_LIBRARY_PATH")) {
		if exists(filepath.Join(folder, m.file.Libpython)) {
			return nil
		}
	}
	if text, err := who.trusted.ReadFile(envvars, settingsSize); err == nil && strings.Contains(string(text), "LD_LIBRARY_PATH") {
		return nil
	}
	return fmt.Errorf("mod_wsgi %s: it needs %s, which is not on this machine, and Apache would not start; to fix it: %s", m.file.Path, m.file.Libpython, remedy)
}

// checkRelease refuses options whose directives the mod_wsgi in use does not know.
func (m module) checkRelease(o Options) error {
	var unknown []error
	for _, asked := range []struct {
		given             bool
		option, directive string
	}{
		{o.TelemetryService != "", "telemetry-service", "WSGITelemetryService"},
		{len(o.TelemetryOptions) > 0, "telemetry-options", "WSGITelemetryOptions"},
		{o.FreeThreading, "free-threading", "WSGIFreeThreading"},
		{o.SwitchInterval != nil, "switch-interval", "WSGISwitchInterval"},
		{o.OrphanInterpreter, "orphan-interpreter", "WSGIDestroyInterpreter"},
	} {
		if _, err := modwsgi.LookupDirective(asked.directive, m.release); asked.given && err != nil {
			unknown = append(unknown, fmt.Errorf("--%s: %w", asked.option, err))
		}
	}
	return errors.Join(unknown...)
}
