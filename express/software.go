package express

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// A software is what a server is made of.
type software struct {
	apache     installed.Apache
	mpm        string
	module     detect.Module
	release    modwsgi.Release
	libpython  string // to load first; empty for none
	pythonHome string
	python     string // the interpreter, for scripts around the server
	stdlib     string // folder of the standard library, to see whether it can be read
	venv       *detect.Virtualenv
	foreign    error // who else can change the virtualenv; nil where root starts no server, or may trust it
}

// findSoftware looks for the virtualenv and Apache, and starts no program where
// files tell enough.
func (p *planner) findSoftware(ctx context.Context) (s software, err error) {
	o := p.command.Options
	if err := s.findVenv(o.Venv, p.workingDir, p.caller.Dir); err != nil {
		return s, err
	}
	bundled := ""
	if s.venv != nil {
		if s.foreign = p.checkVenv(*s.venv); s.foreign == nil {
			bundled = installed.BundledProgram(s.venv.SitePackages)
		}
	}
	httpd := o.HTTPDExecutable
	if name := p.caller.env("HTTPD"); name != "" {
		httpd = name
	}
	if s.apache, err = installed.Locate(ctx, httpd, bundled); err != nil {
		return s, err
	}
	if o.ModulesDirectory != "" {
		s.apache.ModulesDir = p.caller.abs(o.ModulesDirectory)
		s.apache.MPMs = mpmsIn(s.apache.ModulesDir)
	}
	if s.mpm, err = chooseMPM(s.apache, o); err != nil || s.foreign != nil {
		return s, err
	}
	return p.findModule(s)
}

// checkVenv refuses a virtualenv that others can change, with the Python that it
// leads to, for what root does.
func (p *planner) checkVenv(v detect.Virtualenv) error {
	for _, path := range []string{v.Path, filepath.Join(v.Path, "pyvenv.cfg"), v.Python(), v.SitePackages} {
		if err := p.checkUse(path); err != nil {
			return err
		}
	}
	return nil
}

func (s *software) findVenv(named string, folders ...string) error {
	dir, err := detect.FindVirtualenv(named, folders...)
	if errors.Is(err, detect.ErrNoVirtualenv) {
		return nil // the system's own Python may do
	}
	if err != nil {
		return err
	}
	v, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return err
	}
	if v.Broken != "" {
		return fmt.Errorf("virtualenv %s: %s; recreate it (%s), and install its packages", v.Path, v.Broken, v.Again())
	}
	s.venv = &v
	s.pythonHome, s.python = v.Path, v.Python()
	s.stdlib = filepath.Join(filepath.Dir(v.Home), "lib", filepath.Base(filepath.Dir(v.SitePackages)))
	return nil
}

// findModule takes the virtualenv's own module, or Apache's if that was built
// for the same Python.
func (p *planner) findModule(s software) (software, error) {
	var candidates []detect.Module
	if s.venv != nil {
		found, err := detect.VirtualenvModules(*s.venv)
		if err != nil {
			return s, err
		}
		candidates = found
	}
	if m, err := detect.ReadModule(filepath.Join(s.apache.ModulesDir, "mod_wsgi.so")); err == nil {
		candidates = append(candidates, m)
	}
	for _, m := range candidates {
		if s.venv == nil || m.Python == detect.MinorVersion(s.venv.Version) {
			return p.use(s, m)
		}
	}
	if s.venv == nil {
		return s, errors.New("find mod_wsgi: no virtualenv is at hand, and Apache has no mod_wsgi of its own; " +
			"make one (python3 -m venv .venv) and build mod_wsgi into it (wsgictl install-module)")
	}
	return s, fmt.Errorf("find mod_wsgi: none for Python %s in %s; build it with\n  wsgictl install-module --venv %s",
		detect.MinorVersion(s.venv.Version), s.venv.Path, detect.ShellArgument(s.venv.Path))
}

// use takes a module, which Apache loads as root with the libpython that it
// needs.
func (p *planner) use(s software, m detect.Module) (software, error) {
	s.module = m
	if m.Release != "" {
		release, err := modwsgi.ParseRelease(m.Release)
		if err != nil {
			return s, err
		}
		s.release = release
	}
	if s.venv != nil {
		s.libpython = detect.LibpythonToLoad(m, *s.venv)
	} else if err := p.usePythonOf(&s, m); err != nil {
		return s, err
	}
	return s, p.checkLoaded(s)
}

// checkLoaded refuses a module or libpython that somebody else could change.
func (p *planner) checkLoaded(s software) error {
	for _, path := range []string{s.module.Path, s.module.Beside, cmp.Or(s.libpython, s.module.Resolved)} {
		if err := p.checkUse(path); err != nil {
			return use{option: "venv", how: "it is loaded"}.refused(err)
		}
	}
	return nil
}

// usePythonOf finds the system's Python that Apache's own module was built for:
// the first on PATH whose library the module needs. A shim, such as pyenv's, is
// none, and another Python of that version has its library elsewhere.
func (p *planner) usePythonOf(s *software, m detect.Module) error {
	name := "python" + m.Python
	for _, folder := range append(filepath.SplitList(p.caller.env("PATH")), "/usr/bin", "/usr/local/bin") {
		path := filepath.Join(folder, name)
		python := detect.ReadPython(path)
		if python == nil || !filepath.IsAbs(path) || !isOf(m, *python) || p.trusted.Check(path) != nil {
			continue
		}
		s.python, s.pythonHome, s.stdlib = path, python.Prefix, python.PlatStdlib
		return nil
	}
	return fmt.Errorf("find the Python that %s was built for: there is no %s with its library on PATH; "+
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

// trustedPython is the interpreter for what wsgictl and apachectl run with it:
// of root the base Python, and none where others can change that or its standard
// library, or where their link leads to another program of root's.
func (p *planner) trustedPython() string {
	if p.caller.UID != 0 {
		return p.software.python
	}
	way, err := trust.Look(p.software.python)
	if err != nil {
		return ""
	}
	prefix, name := filepath.Dir(filepath.Dir(way.Real)), "python"+p.software.module.Python
	if suffix, named := strings.CutPrefix(filepath.Base(way.Real), name); !named || strings.Trim(suffix, "tdmu") != "" { // the flags of its ABI
		return ""
	}
	base := detect.Python{Path: way.Real, PlatStdlib: filepath.Join(prefix, "lib", name), LibDir: filepath.Join(prefix, "lib64", name)}
	if base.CheckTrusted(trust.Deciders()) != nil {
		return ""
	}
	return way.Real
}

// MPMs in the order in which they are taken. Worker comes first: event closes
// idle connections when all of its threads are busy, and clients that send
// their next request at that moment see an error. A debugger wants the single
// process to have a single thread, which is the main one with prefork only.
var (
	mpmOrder      = []string{"worker", "event", "prefork"}
	debugOrder    = []string{"prefork", "worker"}
	embeddedOrder = []string{"worker", "prefork"}
)

func chooseMPM(a installed.Apache, o Options) (string, error) {
	order := mpmOrder
	switch {
	case o.WithPHP5, o.debugging():
		order = debugOrder
	case o.EmbeddedMode && len(o.ServerMPM) == 0:
		order = embeddedOrder
	}
	if a.MPMBuiltIn && len(a.MPMs) == 0 {
		if len(o.ServerMPM) > 0 && !slices.Contains(o.ServerMPM, a.MPM) {
			return "", fmt.Errorf("--server-mpm %s: this httpd has %s built in", o.ServerMPM[0], a.MPM)
		}
		return a.MPM, nil
	}
	for _, name := range order {
		if slices.Contains(a.MPMs, name) && (len(o.ServerMPM) == 0 || slices.Contains(o.ServerMPM, name) || o.debugging()) {
			return name, nil
		}
	}
	return "", fmt.Errorf("find an MPM: wanted %s, and %s has %s: name one that is there with --server-mpm, or the folder of Apache's modules with --modules-directory",
		strings.Join(append(o.ServerMPM, order...), ", "), a.ModulesDir, cmp.Or(strings.Join(a.MPMs, ", "), "none"))
}

func mpmsIn(dir string) []string {
	var found []string
	for _, name := range mpmOrder {
		if _, err := os.Stat(filepath.Join(dir, "mod_mpm_"+name+".so")); err == nil {
			found = append(found, name)
		}
	}
	return found
}

// debugging reports whether the server is to run in debug mode.
func (o Options) debugging() bool {
	return o.DebugMode || o.EnableDebugger || o.EnableCoverage || o.EnableProfiler || o.EnableRecorder || o.EnableGDB
}
