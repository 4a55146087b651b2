package cli

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/trust"
)

// A venvModule is the mod_wsgi module of a virtualenv: the one that it holds, or
// the one that root keeps for it.
type venvModule struct {
	detect.Module
	venv     detect.Virtualenv
	loadFile string // the libpython that Apache must load before the module
	kept     bool
}

// findModule looks into the virtualenv that is named, or the usual ones. Root
// finds, for one of others that has none, the module that it keeps itself.
func findModule(venv string) (venvModule, error) {
	dir, err := detect.FindVirtualenv(venv)
	if err != nil {
		return venvModule{}, usageError{err}
	}
	read, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return venvModule{}, usageError{err}
	}
	module, err := moduleIn(read)
	if err == nil || !read.Foreign() {
		return module, err
	}
	kept, found, keptErr := keptFor(read)
	switch {
	case keptErr != nil:
		return venvModule{}, keptErr
	case !found:
		return venvModule{}, err
	}
	return kept, nil
}

// keptFor is the newest module that root keeps for the Python of a virtualenv.
// Its facts are read from its files, and Python is not started.
func keptFor(venv detect.Virtualenv) (module venvModule, found bool, err error) {
	python := detect.ReadPython(venv.Python())
	if python == nil {
		return venvModule{}, false, nil
	}
	kept, err := installer.FindKept(installer.KeptFolder(), *python)
	if err != nil || len(kept) == 0 {
		return venvModule{}, false, err
	}
	return venvModule{kept[0].Module, venv, kept[0].LoadFile(*python), true}, true, nil
}

// moduleIn takes the module for the virtualenv's own Python.
func moduleIn(venv detect.Virtualenv) (venvModule, error) {
	module, err := venv.OwnModule()
	return venvModule{Module: module, venv: venv, loadFile: detect.LibpythonToLoad(module, venv)}, err
}

// prefix is the virtualenv as its own scripts name it, which may be by way of
// a link: Python takes sys.prefix from the path of its program.
func (m venvModule) prefix() string {
	if m.kept {
		return m.venv.Path
	}
	prefix := filepath.Dir(filepath.Dir(scriptInterpreter(filepath.Join(m.venv.Path, "bin", "mod_wsgi-express"))))
	if filepath.IsAbs(prefix) && sameFile(prefix, m.venv.Path) { // of a virtualenv that can be moved, the script names none
		return prefix
	}
	return m.venv.Path
}

// location is the module's path, below prefix where the virtualenv holds it.
func (m venvModule) location() string {
	relative, inside := strings.CutPrefix(m.Path, m.venv.Path+"/")
	if !inside {
		return m.Path
	}
	return filepath.Join(m.prefix(), relative)
}

// scriptInterpreter is the interpreter that a script's first line names, or
// its second where the first cannot hold it; empty when there is no such
// script.
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

// sameFile reports whether both paths lead to one file or folder that is
// there.
func sameFile(a, b string) bool {
	infoA, err := os.Stat(a)
	if err != nil {
		return false
	}
	infoB, err := os.Stat(b)
	return err == nil && os.SameFile(infoA, infoB)
}
