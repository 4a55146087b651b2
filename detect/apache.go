package detect

import (
	"cmp"
	"context"
	"path/filepath"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// findHTTPDs lists the httpd programs of the machine, each file once.
func (t tree) findHTTPDs(v *Virtualenv, looked *notebook) []string {
	bundled := ""
	if v != nil {
		bundled = installed.BundledProgram(v.SitePackages)
	}
	return installed.Find(t.Root, bundled, func(path string) bool { return t.mayRun(path, "apache", looked) },
		func(place, found string) { looked.note("apache", place, found) })
}

// readOrAskHTTPD gives what httpd was compiled with.
func (t tree) readOrAskHTTPD(ctx context.Context, path string) (*Apache, error) {
	a, err := installed.Look(ctx, t.Root, path)
	if err != nil {
		return nil, err
	}
	return &Apache{Apache: *a, Loaded: []Loaded{}}, nil
}

// readConfiguration fills in what envvars and the configuration files tell,
// and the pid of the server that uses them.
func (t tree) readConfiguration(a *Apache, running []installed.Process) *configScan {
	variables := map[string]string{}
	if text, err := t.Read(a.EnvVars); a.EnvVars != "" && err == nil {
		variables = shellAssignments(text, nil)
	}
	scan := t.scanConfig(a, variables)
	a.User, a.Group = scan.user, scan.group
	a.PIDFile = cmp.Or(scan.pidFile, a.PIDFile)
	a.MPM = cmp.Or(a.MPM, scan.mpm)
	if a.ModulesDir == "" && scan.modulesDir != "" {
		a.ModulesDir = t.Real(scan.modulesDir)
		a.ListModules(t.Root)
	}
	a.Loaded = append(a.Loaded, scan.wsgi...)
	a.PID = t.pidOf(a, running)
	return scan
}

// below makes path absolute as Apache does: relative to the server root.
func below(serverRoot, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(serverRoot, path)
}
