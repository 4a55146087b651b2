package express

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// An interpreter is the application's Python.
type interpreter struct {
	program string             // for scripts around the server
	home    string             // the virtualenv, or the prefix
	stdlib  string             // folder of the standard library, to see whether it can be read
	venv    *detect.Virtualenv // nil for the system's own Python
	foreign error              // who else can change the virtualenv; nil where root starts no server, or may trust it
}

// findVirtualenv looks for the one that was named, or for one in the folders or above;
// with none the interpreter is empty, for the system's own Python may do.
func findVirtualenv(named string, who identity, folders ...string) (interpreter, error) {
	dir, err := detect.FindVirtualenv(named, folders...)
	if errors.Is(err, detect.ErrNoVirtualenv) {
		return interpreter{}, nil
	}
	if err != nil {
		return interpreter{}, err
	}
	v, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return interpreter{}, err
	}
	if v.Broken != "" {
		return interpreter{}, fmt.Errorf("virtualenv %s: %s; recreate it (%s), and install its packages", v.Path, v.Broken, v.Again())
	}
	return interpreter{
		program: v.Python(), home: v.Path, venv: &v, foreign: who.checkVirtualenv(v),
		stdlib: filepath.Join(filepath.Dir(v.Home), "lib", filepath.Base(filepath.Dir(v.SitePackages))),
	}, nil
}

// checkVirtualenv refuses a virtualenv that others can change, with the Python that it
// leads to, for what root does.
func (i identity) checkVirtualenv(v detect.Virtualenv) error {
	for _, path := range []string{v.Path, filepath.Join(v.Path, "pyvenv.cfg"), v.Python(), v.SitePackages} {
		if err := i.checkUse(path); err != nil {
			return err
		}
	}
	return nil
}

// bundled is the httpd of the virtualenv; empty for none that root may run.
func (i interpreter) bundled() string {
	if i.venv == nil || i.foreign != nil {
		return ""
	}
	return installed.BundledProgram(i.venv.SitePackages)
}

// systemPython finds the system's Python that Apache's own module was built for:
// the first on PATH whose library the module needs. A shim, such as pyenv's, is
// none, and another Python of that version has its library elsewhere.
func systemPython(m detect.Module, who identity) (interpreter, error) {
	name := "python" + m.Python
	for _, folder := range append(filepath.SplitList(who.env("PATH")), "/usr/bin", "/usr/local/bin") {
		path := filepath.Join(folder, name)
		python := detect.ReadPython(path)
		if python == nil || !filepath.IsAbs(path) || !isOf(m, *python) || who.trusted.Check(path) != nil {
			continue
		}
		return interpreter{program: path, home: python.Prefix, stdlib: python.PlatStdlib}, nil
	}
	return interpreter{}, fmt.Errorf("find the Python that %s was built for: there is no %s with its library on PATH; "+
		"make a virtualenv (python3 -m venv .venv) and build mod_wsgi into it (wsgictl install-module)", m.Path, name)
}

// isOf reports whether a module would run the code of a Python, as far as its
// library tells.
func isOf(m detect.Module, python detect.Python) bool {
	if m.Resolved == "" || python.Libpython == "" {
		return m.Libpython == ""
	}
	needed, err := filepath.EvalSymlinks(m.Resolved)
	if err != nil {
		return false
	}
	library, err := filepath.EvalSymlinks(python.Libpython)
	return err == nil && library == needed
}

// checkReadable refuses a Python whose files the application's account cannot read.
func (i interpreter) checkReadable(who identity) error {
	for _, part := range []struct{ what, path string }{{"Python's standard library", i.stdlib}, {"virtualenv", i.home}} {
		if part.path == "" {
			continue // where the module tells which Python it is
		}
		if err := who.checkReadable(part.path); err != nil {
			return fmt.Errorf("%s: %w", part.what, err)
		}
	}
	return nil
}

// checkFreeThreading refuses to run without Python's lock on a Python that has it.
func (i interpreter) checkFreeThreading(asked bool) error {
	if asked && (i.venv == nil || !strings.HasSuffix(filepath.Base(filepath.Dir(i.venv.SitePackages)), "t")) {
		return errors.New("--free-threading needs a free-threaded Python, such as python3.13t")
	}
	return nil
}

// trusted is the interpreter for what wsgictl and apachectl run with it, by the version
// of the module: of root the base Python, and none where others can change that or its
// standard library, or where their link leads to another program of root's.
func (i interpreter) trusted(who identity, version string) string {
	if !who.isRoot() {
		return i.program
	}
	way, err := trust.Look(i.program)
	if err != nil {
		return ""
	}
	prefix, name := filepath.Dir(filepath.Dir(way.Real)), "python"+version
	if suffix, named := strings.CutPrefix(filepath.Base(way.Real), name); !named || strings.Trim(suffix, "tdmu") != "" { // the flags of its ABI
		return ""
	}
	base := detect.Python{Path: way.Real, PlatStdlib: filepath.Join(prefix, "lib", name), LibDir: filepath.Join(prefix, "lib64", name)}
	if base.CheckTrusted(trust.Deciders()) != nil {
		return ""
	}
	return way.Real
}
