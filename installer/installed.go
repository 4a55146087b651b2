package installer

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// Installed is a mod_wsgi that Apache can load for the Python of a virtualenv.
type Installed struct {
	Module     detect.Module // the one that Apache is to load
	Virtualenv detect.Virtualenv
	Release    modwsgi.Release // zero where the module does not tell
	LoadFile   string          // the libpython that Apache must load before it; empty where there is none to load
	Origin     Origin
}

// An Origin is whose a module is.
type Origin int

// The origins of a module.
const (
	OfVirtualenv   Origin = iota
	KeptByRoot            // in root's folder, for a virtualenv that others can change
	OfDistribution        // put into Apache's modules folder by a package
)

// FindInstalled looks into the virtualenv that is named, or the usual ones. Root
// finds, for one of others that has none, the module that it keeps itself. What is
// wrong with the virtualenv is a [*RequestError].
func FindInstalled(venv string) (Installed, error) {
	dir, err := detect.FindVirtualenv(venv)
	if err != nil {
		return Installed{}, &RequestError{err}
	}
	read, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return Installed{}, &RequestError{err}
	}
	own, err := installedIn(read)
	if err == nil || !read.Foreign() {
		return own, err
	}
	kept, found, keptErr := KeptFor(KeptFolder(), read)
	switch {
	case keptErr != nil:
		return Installed{}, keptErr
	case !found:
		return Installed{}, err
	}
	return kept, nil
}

// installedIn takes the module for the virtualenv's own Python.
func installedIn(venv detect.Virtualenv) (Installed, error) {
	module, err := venv.OwnModule()
	if err != nil {
		return Installed{}, err
	}
	release, _ := modwsgi.ParseRelease(module.Release) // not every module tells it
	return Installed{Module: module, Virtualenv: venv, Release: release, LoadFile: detect.LibpythonToLoad(module, venv)}, nil
}

// KeptFor is the newest module that root keeps in a folder, such as [KeptFolder],
// for the Python of a virtualenv. Its facts are read from its files, and Python is
// not started.
func KeptFor(folder string, venv detect.Virtualenv) (kept Installed, found bool, err error) {
	python := detect.ReadPython(venv.Python())
	if python == nil {
		return Installed{}, false, nil
	}
	all, err := FindKept(folder, *python)
	if err != nil || len(all) == 0 {
		return Installed{}, false, err
	}
	return all[0].installed(venv, *python), true, nil
}

func (k Kept) installed(venv detect.Virtualenv, python detect.Python) Installed {
	return Installed{Module: k.Module, Virtualenv: venv, Release: k.Release, LoadFile: k.LoadFile(python), Origin: KeptByRoot}
}

// PythonHome is the virtualenv as its own scripts name it, which may be by way of
// a link: Python takes sys.prefix from the path of its program.
func (i Installed) PythonHome() string {
	if i.Origin == KeptByRoot {
		return i.Virtualenv.Path
	}
	prefix := filepath.Dir(filepath.Dir(scriptInterpreter(filepath.Join(i.Virtualenv.Path, "bin", scriptName))))
	if filepath.IsAbs(prefix) && sameFile(prefix, i.Virtualenv.Path) { // of a virtualenv that can be moved, the script names none
		return prefix
	}
	return i.Virtualenv.Path
}

// Location is the module's path, below PythonHome where the virtualenv holds it.
func (i Installed) Location() string { return i.located(i.Module.Path) }

// BesideLocation is that of the mod_wsgictl beside the module; empty where there is
// none.
func (i Installed) BesideLocation() string { return i.located(i.Module.Beside) }

func (i Installed) located(path string) string {
	relative, inside := strings.CutPrefix(path, i.Virtualenv.Path+"/")
	if !inside {
		return path
	}
	return filepath.Join(i.PythonHome(), relative)
}

// scriptInterpreter is the interpreter that a script's first line names, or its
// second where the first cannot hold it; empty when there is no such script.
func scriptInterpreter(script string) string {
	file, err := trust.OpenRegular(script)
	if err != nil {
		return ""
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Scan()
	first, ok := strings.CutPrefix(lines.Text(), "#!")
	if !ok || first != "/bin/sh" {
		return strings.TrimSpace(first)
	}
	lines.Scan()
	_, rest, _ := strings.Cut(lines.Text(), `"`)
	second, _, _ := strings.Cut(rest, `"`)
	return second
}

// Notes are what a person should know who has Apache load the module, a sentence
// each: why a libpython is loaded before it, or that there is none, and, for root,
// who could become root by it.
func (i Installed) Notes() []string {
	var notes []string
	switch loadFile, m := i.LoadFile, i.Module; {
	case loadFile != "" && m.Resolved == "":
		notes = append(notes, fmt.Sprintf("Apache's loader finds no %s: the LoadFile line names it.", m.Libpython))
	case loadFile != "" && !sameFile(loadFile, m.Resolved):
		notes = append(notes, fmt.Sprintf("Apache's loader would take %s: the LoadFile line names the virtualenv's own.", m.Resolved))
	case loadFile == "" && m.Libpython != "" && m.Resolved == "":
		notes = append(notes, fmt.Sprintf("Warning: Apache's loader finds no %s, and it is not where %s comes from: Apache will not start with this module. To fix it: %s",
			m.Libpython, i.Virtualenv.Home, detect.LibpythonRemedy(m, i.Virtualenv)))
	}
	return append(notes, i.rootNotes()...)
}

// rootNotes tell root who could become root by the module, and what can be done.
func (i Installed) rootNotes() []string {
	var changeable []string
	for _, path := range i.loadedByRoot() {
		if untrusted := (*trust.Untrusted)(nil); errors.As(trust.Deciders().Check(path), &untrusted) {
			changeable = append(changeable, path+" ("+untrusted.Where()+")")
		}
	}
	if len(changeable) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Warning: Apache loads as root what others can change, and who does becomes root: %s. %s",
		strings.Join(changeable, "; "), i.ownRemedy())}
}

// loadedByRoot are the files that Apache loads before it gives up root.
func (i Installed) loadedByRoot() []string {
	paths := []string{i.Module.Path}
	if i.Module.Beside != "" {
		paths = append(paths, i.Module.Beside)
	}
	if library := cmp.Or(i.LoadFile, i.Module.Resolved); library != "" {
		paths = append(paths, library)
	}
	return paths
}

// ownRemedy is how root gets a module that root alone can change.
func (i Installed) ownRemedy() string {
	if i.Origin == KeptByRoot || !i.Virtualenv.Foreign() {
		return "Make the virtualenv with a Python that root alone can change."
	}
	if kept, found, err := KeptFor(KeptFolder(), i.Virtualenv); err == nil && found {
		return "Root keeps one of its own: " + kept.Module.Path
	}
	return "Have root build its own: wsgictl install-module --venv " + detect.ShellArgument(i.Virtualenv.Path)
}
