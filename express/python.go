package express

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

func (p *planner) checkPython(o Options) error {
	if o.SwitchInterval != nil && *o.SwitchInterval <= 0 {
		return fmt.Errorf("--switch-interval %g: want more than 0", *o.SwitchInterval)
	}
	if o.FreeThreading && (p.software.venv == nil || !strings.HasSuffix(filepath.Base(filepath.Dir(p.software.venv.SitePackages)), "t")) {
		return errors.New("--free-threading needs a free-threaded Python, such as python3.13t")
	}
	return errors.Join(
		p.needs(o.FreeThreading, "free-threading", "WSGIFreeThreading"),
		p.needs(o.SwitchInterval != nil, "switch-interval", "WSGISwitchInterval"),
		p.needs(o.OrphanInterpreter, "orphan-interpreter", "WSGIDestroyInterpreter"),
	)
}

// checkLibpython refuses a module that Apache could not load, as in an image for
// containers that has the interpreter without its shared library. Apache also
// looks where LD_LIBRARY_PATH says, which envvars may set.
func (p *planner) checkLibpython() error {
	s := p.software
	if s.venv == nil || s.libpython != "" {
		return nil
	}
	remedy := detect.LibpythonRemedy(s.module, *s.venv)
	if remedy == "" {
		return nil
	}
	for _, folder := range filepath.SplitList(p.caller.env("LD_LIBRARY_PATH")) {
		if _, err := os.Stat(filepath.Join(folder, s.module.Libpython)); err == nil {
			return nil
		}
	}
	if text, err := p.trusted.ReadFile(p.envvars, settingsSize); err == nil && strings.Contains(string(text), "LD_LIBRARY_PATH") {
		return nil
	}
	return fmt.Errorf("mod_wsgi %s: it needs %s, which is not on this machine, and Apache would not start; to fix it: %s", s.module.Path, s.module.Libpython, remedy)
}

func (p *planner) checkPythonReadable() error {
	for _, part := range []struct{ what, path string }{
		{"Python's standard library", p.software.stdlib},
		{"virtualenv", p.software.pythonHome},
		{"mod_wsgi", p.software.module.Path},
		{"working directory", p.workingDir},
	} {
		if part.path == "" || part.path == p.software.module.Path && p.software.foreign != nil {
			continue // no module is chosen yet, or it is root's own, which Apache has loaded by then
		}
		if err := p.unreadable(part.path); err != nil {
			return fmt.Errorf("%s: %w", part.what, err)
		}
	}
	return nil
}

// pythonPath is for modes without a daemon group: there the working folder is
// not on the module path by itself.
func (p *planner) pythonPath() string {
	return strings.Join(append([]string{p.workingDir}, p.pythonPaths()...), ":")
}

// pythonPaths are the folders of --python-path; relative ones start from the
// working directory, as in sys.path.
func (p *planner) pythonPaths() []string {
	var paths []string
	for _, path := range p.command.PythonPaths {
		if !filepath.IsAbs(path) {
			path = filepath.Join(p.workingDir, path)
		}
		paths = append(paths, path)
	}
	return paths
}
