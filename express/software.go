package express

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// A software is what a server is made of.
type software struct {
	apache     detect.Apache
	mpm        string
	module     detect.Module
	release    modwsgi.Release
	libpython  string // to load first; empty for none
	pythonHome string
	python     string // the interpreter, for scripts around the server
	stdlib     string // folder of the standard library, to see whether it can be read
	venv       *detect.Virtualenv
}

// findSoftware looks for the virtualenv, its module, and Apache, and starts no
// program where files tell enough.
func (c Caller) findSoftware(ctx context.Context, o Options) (software, error) {
	var r software
	if err := r.findVenv(o.Venv); err != nil {
		return r, err
	}
	httpd := o.HTTPDExecutable
	if name := c.env("HTTPD"); name != "" {
		httpd = name
	}
	apache, err := detect.LocateApache(ctx, httpd, r.venv)
	if err != nil {
		return r, err
	}
	r.apache = apache
	if o.ModulesDirectory != "" {
		r.apache.ModulesDir = c.abs(o.ModulesDirectory)
		r.apache.MPMs = mpmsIn(r.apache.ModulesDir)
	}
	if r.mpm, err = chooseMPM(r.apache, o); err != nil {
		return r, err
	}
	return r, r.findModule()
}

func (r *software) findVenv(named string) error {
	dir, err := detect.FindVirtualenv(named)
	if err != nil {
		return nil // the system's own Python may do
	}
	v, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return err
	}
	if v.Broken != "" {
		return fmt.Errorf("virtualenv %s: %s", v.Path, v.Broken)
	}
	r.venv = &v
	r.pythonHome, r.python = v.Path, v.Python()
	r.stdlib = filepath.Join(filepath.Dir(v.Home), "lib", filepath.Base(filepath.Dir(v.SitePackages)))
	return nil
}

// findModule takes the virtualenv's own module, or Apache's if that was built
// for the same Python.
func (r *software) findModule() error {
	var candidates []detect.Module
	if r.venv != nil {
		found, err := detect.VirtualenvModules(*r.venv)
		if err != nil {
			return err
		}
		candidates = found
	}
	if m, err := detect.ReadModule(filepath.Join(r.apache.ModulesDir, "mod_wsgi.so")); err == nil {
		candidates = append(candidates, m)
	}
	for _, m := range candidates {
		if r.venv == nil || m.Python == series(r.venv.Version) {
			return r.use(m)
		}
	}
	if r.venv == nil {
		return errors.New("find mod_wsgi: no virtualenv is at hand, and Apache has no mod_wsgi of its own; " +
			"make one (python3 -m venv .venv) and build mod_wsgi into it (wsgictl install-module)")
	}
	return fmt.Errorf("find mod_wsgi: none for Python %s in %s; build it with\n  wsgictl install-module --venv %s",
		series(r.venv.Version), r.venv.Path, r.venv.Path)
}

func (r *software) use(m detect.Module) error {
	r.module = m
	if m.Release != "" {
		release, err := modwsgi.ParseRelease(m.Release)
		if err != nil {
			return err
		}
		r.release = release
	}
	if r.venv != nil {
		r.libpython = detect.LibpythonToLoad(m, *r.venv)
		return nil
	}
	python, err := exec.LookPath("python" + m.Python)
	if err != nil {
		return fmt.Errorf("find the Python that %s was built for: %w", m.Path, err)
	}
	r.python = python
	r.pythonHome = filepath.Dir(filepath.Dir(python))
	r.stdlib = filepath.Join(r.pythonHome, "lib", "python"+m.Python)
	return nil
}

// series gives "3.11" of "3.11.7".
func series(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// MPMs in the order in which they are taken. Worker comes first: event closes
// connections that rest when all of its threads are busy, and clients that send
// their next request at that moment see an error. A debugger wants the single
// process to have a single thread, which is the main one with prefork only.
var (
	mpmOrder      = []string{"worker", "event", "prefork"}
	debugOrder    = []string{"prefork", "worker"}
	embeddedOrder = []string{"worker", "prefork"}
)

func chooseMPM(a detect.Apache, o Options) (string, error) {
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
	return "", fmt.Errorf("find an MPM: wanted %s, and %s has %s",
		strings.Join(append(o.ServerMPM, order...), ", "), a.ModulesDir, strings.Join(a.MPMs, ", "))
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
