package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

// A venvModule is the mod_wsgi module that a virtualenv holds.
type venvModule struct {
	detect.Module
	venv detect.Virtualenv
}

// findModule looks into the virtualenv that is named, or the usual ones.
func findModule(venv string) (venvModule, error) {
	dir, err := detect.FindVirtualenv(venv)
	if err != nil {
		return venvModule{}, usageError{err}
	}
	read, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return venvModule{}, usageError{err}
	}
	return moduleIn(read)
}

// moduleIn takes the module for the virtualenv's own Python.
func moduleIn(venv detect.Virtualenv) (venvModule, error) {
	module, err := venv.OwnModule()
	return venvModule{module, venv}, err
}

// prefix is the virtualenv as its own scripts name it, which may be by way of
// a link: Python takes sys.prefix from the path of its program.
func (m venvModule) prefix() string {
	prefix := filepath.Dir(filepath.Dir(scriptInterpreter(filepath.Join(m.venv.Path, "bin", "mod_wsgi-express"))))
	if sameFile(prefix, m.venv.Path) {
		return prefix
	}
	return m.venv.Path
}

// location is the module's path, below prefix where it is the virtualenv's.
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
	file, err := os.Open(script)
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
