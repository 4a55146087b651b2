package detect

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// ReadModule reads what a mod_wsgi module file says of itself, from its ELF or
// Mach-O structure. The file is not loaded, so a hostile or broken one does no
// harm.
func ReadModule(path string) (Module, error) {
	return treeAt("").readModule(path, nil)
}

// VirtualenvModules reads the modules that pip or wsgictl put into a
// virtualenv, in the order of their names. None is no error.
func VirtualenvModules(v Virtualenv) ([]Module, error) {
	return treeAt("").virtualenvModules(v, nil)
}

// OwnModule is the virtualenv's module for its own Python: an upgraded
// virtualenv may hold one for its former Python too.
func (v Virtualenv) OwnModule() (Module, error) {
	modules, err := VirtualenvModules(v)
	if err != nil {
		return Module{}, err
	}
	for _, module := range modules {
		if strings.HasPrefix(v.Version+".", module.Python+".") {
			return module, nil
		}
	}
	return Module{}, fmt.Errorf("no mod_wsgi module for Python %s in %s: build one with: wsgictl install-module --venv %s", v.Version, v.Path, ShellArgument(v.Path))
}

// maxModules is how many modules of one virtualenv are read: it has one for each
// Python that it was ever of.
const maxModules = 16

func (t tree) virtualenvModules(v Virtualenv, envPath []string) ([]Module, error) {
	var modules []Module
	found := t.Glob(v.SitePackages, "mod_wsgi/server/mod_wsgi-py*.so")
	for _, path := range found[:min(len(found), maxModules)] {
		m, err := t.readModule(path, envPath)
		if err != nil {
			return modules, err
		}
		if m.Release == "" {
			m.Release = t.distributionVersion(v.SitePackages, "mod_wsgi")
		}
		modules = append(modules, m)
	}
	return modules, nil
}

// readModule reads one module. envPath holds the folders of LD_LIBRARY_PATH
// as Apache's own envvars file sets it, if it does.
func (t tree) readModule(path string, envPath []string) (Module, error) {
	file, err := t.Open(path)
	if err != nil {
		return Module{}, fmt.Errorf("read module: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Module{}, fmt.Errorf("read module: %w", err)
	}
	img, err := readImage(file)
	if err != nil {
		return Module{}, fmt.Errorf("read module %s: %w", path, err)
	}
	m := Module{Path: path, Arch: img.Arch, MagicNumber: img.magic, RunPath: append([]string{}, img.RunPath...), Size: info.Size()}
	for _, name := range img.Needed {
		if isLibpython(name) {
			m.Libpython = name
		}
	}
	constants := stringConstants(img.strings)
	m.Python = pythonOfNames(m.Libpython, path)
	m.Release = moduleRelease(constants, m.Python)
	if m.Python == "" {
		m.Python = pythonOfConstants(constants, m.Release)
	}
	if beside := modwsgi.Beside(path); t.Exists(beside) {
		m.Beside = beside
	}
	if m.Libpython != "" {
		m.Resolved = t.ResolveLibrary(m.Libpython, path, img.Image, envPath)
	}
	return m, nil
}

// isLibpython tells Python's own library from others: libpython3.11.so.1.0,
// or Python of a macOS framework.
func isLibpython(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, "libpython") || (base == "Python" && strings.Contains(name, "Python.framework/"))
}
