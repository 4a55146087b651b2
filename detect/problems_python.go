package detect

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/modwsgi"
)

func virtualenvMissing(e *evidence) []Problem {
	if e.venvErr == nil {
		return nil
	}
	if several := (*SeveralVirtualenvs)(nil); errors.As(e.venvErr, &several) {
		return one(several.cause(), "which of them is to serve the application is not known", "wsgictl detect --venv DIR")
	}
	cause, remedy := e.venvErr.Error(), "python3 -m venv "+ShellArgument(cmp.Or(e.request.Venv, ".venv"))
	if none := (*NotVirtualenv)(nil); errors.As(e.venvErr, &none) {
		cause, remedy = none.cause(), cmp.Or(none.Command, none.Advice)
	}
	return one(cause, "there is no Python to serve the application with", remedy)
}

func virtualenvBroken(e *evidence) []Problem {
	v := e.Virtualenv
	if v == nil {
		return nil
	}
	cause := v.Broken
	if cause == "" && e.Python != nil && MinorVersion(v.Version) != "" && e.Python.MinorVersion() != MinorVersion(v.Version) {
		cause = fmt.Sprintf("it was made for Python %s and its interpreter is now Python %s", v.Version, e.Python.Version)
	}
	if cause == "" {
		return nil
	}
	return one("virtualenv "+v.Path+": "+cause,
		"its Python does not start, and daemon processes with this python-home would fail too",
		v.makeAgain(""))
}

func virtualenvNoExec(e *evidence) []Problem {
	v := e.Virtualenv
	if v == nil || !v.NoExec {
		return nil
	}
	return one(v.SitePackages+" is on a file system that is mounted noexec",
		"Apache cannot load a module from there, nor Python the parts of packages that are compiled",
		"mount it without noexec (see: findmnt -T "+ShellArgument(v.SitePackages)+"), or make the virtualenv on another file system")
}

func virtualenvMoved(e *evidence) []Problem {
	v := e.Virtualenv
	if v == nil || v.Broken != "" || v.MovedFrom == "" {
		return nil
	}
	return one(fmt.Sprintf("virtualenv %s was made as %s", v.Path, v.MovedFrom),
		"the scripts in its bin folder (pip, mod_wsgi-express) start the Python of the old place or none",
		v.makeAgain("")+", then install its packages again")
}

// Again is the command that makes a virtualenv anew that is broken.
func (v Virtualenv) Again() string { return v.makeAgain("") }

// makeAgain is the command that makes the virtualenv anew with its own tool.
func (v Virtualenv) makeAgain(python string) string {
	path := ShellArgument(v.Path)
	switch v.Kind {
	case "uv":
		return strings.Join(hostfiles.NonEmpty([]string{"uv venv --clear", prefixed("--python ", python), path}), " ")
	case "virtualenv":
		return strings.Join(hostfiles.NonEmpty([]string{"virtualenv --clear", prefixed("--python ", python), path}), " ")
	case "conda":
		return "conda create --yes --prefix " + path + " python"
	default:
		return cmp.Or(python, "python3") + " -m venv --clear " + path
	}
}

func prefixed(prefix, word string) string {
	if word == "" {
		return ""
	}
	return prefix + word
}

func noPython(e *evidence) []Problem {
	if e.Python != nil || e.pythonErr != nil || e.Virtualenv != nil {
		return nil
	}
	return one("no python3 on PATH", "there is nothing to build the module for",
		e.packages.command(e.packages.Python, "Python 3"))
}

func pythonFails(e *evidence) []Problem {
	if e.pythonErr == nil || (e.Virtualenv != nil && e.Virtualenv.Broken != "") {
		return nil
	}
	remedy := "name a working interpreter with --python PATH, or a virtualenv with --venv DIR"
	if e.Virtualenv != nil {
		remedy = e.Virtualenv.makeAgain("")
	}
	return one(e.pythonErr.Error(), "the module cannot be built for it", remedy)
}

// pythonNotSupported is a Python that no release of mod_wsgi fits.
func pythonNotSupported(e *evidence) []Problem {
	if e.Python == nil || len(e.Series) > 0 {
		return nil
	}
	cause := "no mod_wsgi release fits " + e.Python.Implementation + " " + e.Python.Version
	if e.Apache != nil {
		cause += " and Apache " + e.Apache.Version
	}
	return one(cause,
		"the module cannot be built for it",
		e.packages.command(e.packages.NewPython, "CPython 3.10 or newer"))
}

// pythonTooOld is a Python for which only series without support are left.
func pythonTooOld(e *evidence) []Problem {
	newest := modwsgi.Newest.Series()
	if e.Python == nil || len(e.Series) == 0 || e.Series[0] == newest {
		return nil
	}
	return one(fmt.Sprintf("mod_wsgi %s does not support Python %s; the newest series that does is %s", newest, e.Python.Version, e.Series[0]),
		"mod_wsgi "+e.Series[0]+" gets essential fixes at most",
		"make the virtualenv with a newer Python: "+e.packages.command(e.packages.NewPython, "Python 3.10 or newer"))
}

func noPythonHeaders(e *evidence) []Problem {
	p := e.Python
	if p == nil || p.Header {
		return nil
	}
	return one("Python.h is not in "+p.IncludeDir,
		"the module cannot be compiled for Python "+p.MinorVersion(), e.restorePython())
}

// noLibpython is a Python built with a shared library that is not there, as
// Debian's without its development package. Where the headers are missing too,
// one package brings both.
func noLibpython(e *evidence) []Problem {
	p := e.Python
	if p == nil || !p.Header || !p.Shared || p.Libpython != "" {
		return nil
	}
	return one(fmt.Sprintf("Python %s was built with a shared library, but %s is not in %s", p.Version, p.LDLibrary, p.LibDir),
		"the module cannot be linked", e.restorePython())
}

// restorePython is what brings back the files of a Python's development
// package, by whoever installed that Python.
func (e *evidence) restorePython() string {
	p := e.Python
	switch owner := e.ownerOf(p); owner {
	case "system":
		isDefault := minorOfName(filepath.Base(e.Real("/usr/bin/python3"))) == p.MinorVersion()
		return e.packages.pythonHeaders(p.MinorVersion(), isDefault)
	case "pyenv":
		return "PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force " + p.Version
	case "uv":
		return "uv python install --reinstall " + p.Version
	case "conda":
		return "conda install --yes --force-reinstall --prefix " + p.BasePrefix + " python=" + p.Version
	case "homebrew":
		return "brew reinstall python@" + p.MinorVersion()
	default:
		return fmt.Sprintf("build Python %[1]s again in its source: ./configure --prefix=%[2]s --enable-shared LDFLAGS=-Wl,-rpath,%[2]s/lib && make && make install", p.Version, p.BasePrefix)
	}
}

// ownerOf tells who installed a Python, by its prefix.
func (e *evidence) ownerOf(p *Python) string {
	switch prefix := p.BasePrefix; {
	case prefix == "/usr", prefix == "/usr/local" && e.System.OS == "freebsd":
		return "system"
	case strings.Contains(prefix, "/.pyenv/versions/"), strings.Contains(prefix, "/pyenv/versions/"):
		return "pyenv"
	case strings.Contains(prefix, "/uv/python/"):
		return "uv"
	case e.IsDir(filepath.Join(prefix, "conda-meta")):
		return "conda"
	case strings.Contains(prefix, "/python@"), strings.Contains(prefix, "/Cellar/"):
		return "homebrew"
	default:
		return "source"
	}
}

func minorOfName(program string) string { return strings.TrimPrefix(program, "python") }

// libpythonNotLinkable is a Python without a shared library whose static one
// is not there, or cannot become part of a module: on macOS all code can,
// elsewhere what was compiled with -fPIC, which configure leaves out without
// --enable-shared.
func libpythonNotLinkable(e *evidence) []Problem {
	p := e.Python
	if p == nil || p.Shared || p.Libpython != "" || p.Framework != "" || p.linksStatically(e.System.OS) {
		return nil
	}
	cause := fmt.Sprintf("Python %s at %s was built without a shared libpython, and its static one was not compiled with -fPIC", p.Version, p.BasePrefix)
	if p.StaticLib == "" {
		cause = fmt.Sprintf("Python %s at %s has neither a shared libpython nor a libpython%s.a", p.Version, p.BasePrefix, p.LDVersion)
	}
	return one(cause, "the module cannot be linked", e.restorePython())
}

// linksStatically reports whether Python's static library is there and its
// code works at any address, as the code of a shared object must.
func (p Python) linksStatically(system string) bool {
	words := strings.Fields(p.CC + " " + p.CFlags)
	return p.StaticLib != "" && (system == "darwin" || slices.Contains(words, "-fPIC") || slices.Contains(words, "-fpic"))
}

// staticLibpython is a Python whose library becomes part of the module.
func staticLibpython(e *evidence) []Problem {
	p := e.Python
	if p == nil || p.Shared || p.Libpython != "" || p.Framework != "" || !p.linksStatically(e.System.OS) {
		return nil
	}
	return one(fmt.Sprintf("Python %s at %s was built without a shared libpython", p.Version, p.BasePrefix),
		"libpython is linked into the module: 2 to 5 MB more private memory in each process, and a newer patch release of Python needs a new module",
		e.restorePython())
}
