package detect

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// httpdFolders are searched after PATH, which lacks the sbin folders for
// ordinary users on some systems.
var httpdFolders = []string{
	"/usr/sbin", "/usr/local/sbin", "/usr/local/apache2/bin", "/opt/apache2/bin",
	"/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin",
}

// appleHTTPDPath is the Apache that macOS brings.
const appleHTTPDPath = "/usr/sbin/httpd"

// findHTTPDs lists the httpd programs of the machine, each file once.
func (t tree) findHTTPDs(v *Virtualenv, looked *notebook) []string {
	var all hostfiles.Programs
	for _, dir := range append(t.SearchPath(), httpdFolders...) {
		for _, name := range installed.ProgramNames {
			if path := filepath.Join(dir, name); t.mayRun(path, "apache", looked) && all.Add(t.Root, path) {
				looked.note("apache", path, "an httpd program")
			}
		}
	}
	if v != nil {
		if path := strings.TrimSuffix(v.SitePackages, "/") + bundledPath; t.mayRun(path, "apache", looked) && all.Add(t.Root, path) {
			looked.note("apache", path, "the httpd of mod_wsgi-httpd")
		}
	}
	found := all.Paths
	if at := slices.Index(found, appleHTTPDPath); at >= 0 && t.OperatingSystem() == "darwin" {
		found = append(slices.Delete(found, at, at+1), appleHTTPDPath) // any other one is better
	}
	if len(found) == 0 {
		looked.note("apache", strings.Join(append(t.SearchPath(), httpdFolders...), ":"), "no httpd, apache2 or httpd2")
	}
	return found
}

// readOrAskHTTPD gives what httpd was compiled with: from its file, else from
// itself. What the layout decides is filled in.
func (t tree) readOrAskHTTPD(ctx context.Context, path string, system System) (*Apache, error) {
	a := t.readHTTPD(path)
	if a == nil {
		var err error
		if a, err = t.askHTTPD(ctx, path); err != nil {
			return nil, err
		}
	}
	t.applyLayout(a, system)
	return a, nil
}

// BuiltInModules gives the modules that are compiled into an httpd: "core",
// "http_core", "watchdog".
func BuiltInModules(ctx context.Context, path string) ([]string, error) {
	a, err := treeAt("").readOrAskHTTPD(ctx, path, System{})
	if err != nil {
		return nil, err
	}
	return a.BuiltIn, nil
}

// askHTTPD starts httpd twice, side by side: -V for what was compiled in and
// -l for the modules. "-f /dev/null" keeps -V from reading the configuration,
// which fails on Debian without the variables of envvars, fails where the
// configuration is broken, and is slow where it is large. Without an MPM in
// it, httpd ends with an error after all is printed.
func (t tree) askHTTPD(ctx context.Context, path string) (*Apache, error) {
	var settings, modules string
	var settingsErr, modulesErr error
	var group sync.WaitGroup
	group.Go(func() { settings, settingsErr = t.output(ctx, path, "-V", "-f", "/dev/null") })
	group.Go(func() { modules, modulesErr = t.output(ctx, path, "-l") })
	group.Wait()
	if strings.Contains(settings, "HTTPD_ROOT") {
		settingsErr = nil
	}
	for _, err := range []error{settingsErr, modulesErr} {
		if err != nil {
			return nil, fmt.Errorf("ask httpd what it is: %w", err)
		}
	}
	a := &Apache{Path: path}
	if err := a.readSettings(settings); err != nil {
		return nil, err
	}
	a.BuiltIn = builtInModules(modules)
	a.MPMBuiltIn = slices.Contains(a.BuiltIn, a.MPM)
	return a, nil
}

// readSettings takes what "httpd -V" prints.
func (a *Apache) readSettings(text string) error {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if value, found := strings.CutPrefix(line, "Server version:"); found {
			version, _ := strings.CutPrefix(strings.TrimSpace(value), "Apache/")
			a.Version, _, _ = strings.Cut(version, " ")
		}
		if value, found := strings.CutPrefix(line, "Server's Module Magic Number:"); found {
			a.MagicNumber = strings.TrimSpace(value)
		}
		if value, found := strings.CutPrefix(line, "Server MPM:"); found {
			a.MPM = strings.ToLower(strings.TrimSpace(value))
		}
		if define, found := strings.CutPrefix(line, " -D "); found {
			a.readDefine(define)
		}
	}
	if a.Version == "" {
		return fmt.Errorf("ask httpd what it is: %s -V does not name an Apache version, so it is not the Apache HTTP Server", a.Path)
	}
	return nil
}

// readDefine takes one compiled-in setting: NAME="value".
func (a *Apache) readDefine(text string) {
	name, value, _ := strings.Cut(text, "=")
	value = strings.Trim(value, `"`)
	switch name {
	case "HTTPD_ROOT":
		a.ServerRoot = value
	case "SERVER_CONFIG_FILE":
		a.ConfigFile = value
	case "DEFAULT_PIDLOG":
		a.PIDFile = value
	}
}

// builtInModules takes what "httpd -l" prints: one source file a line.
func builtInModules(text string) []string {
	modules := []string{}
	for line := range strings.Lines(text) {
		name := strings.TrimSpace(line)
		if source, found := strings.CutSuffix(name, ".c"); found {
			modules = append(modules, strings.TrimPrefix(source, "mod_"))
		}
	}
	return modules
}

// applyLayout fills in what the layout decides, and makes paths absolute.
func (t tree) applyLayout(a *Apache, system System) {
	row, known := layoutOf(a.ServerRoot, a.ConfigFile, system)
	switch prefix, bundled := strings.CutSuffix(a.Path, "/bin/httpd"); {
	case strings.HasSuffix(a.Path, bundledPath):
		a.ServerRoot, a.ConfigFile = prefix, "conf/httpd.conf"
		row = ownPrefixRow(Bundled, prefix)
	case !known && bundled && !t.IsDir(a.ServerRoot) && t.IsDir(prefix+"/modules"):
		a.ServerRoot = prefix // a source build that was moved
		row = ownPrefixRow(Source, prefix)
	case !known:
		row = ownPrefixRow(Source, a.ServerRoot)
	}
	a.Layout = row.layout
	a.ConfigFile = below(a.ServerRoot, a.ConfigFile)
	a.PIDFile = below(a.ServerRoot, a.PIDFile)
	a.ModulesDir = hostfiles.FirstOf(row.modules, t.IsDir)
	a.EnvVars = hostfiles.FirstOf(row.envVars, t.IsFile)
	a.Control = hostfiles.FirstOf(row.control, t.IsProgram)
	a.Loadable = []string{}
	a.MPMs = []string{}
	a.Loaded = []Loaded{}
	t.listModules(a)
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
		t.listModules(a)
	}
	a.Loaded = append(a.Loaded, scan.wsgi...)
	a.PID = t.pidOf(a, running)
	return scan
}

// listModules reads the modules folder.
func (t tree) listModules(a *Apache) {
	for _, path := range t.Glob(a.ModulesDir, "*.so") {
		name := filepath.Base(path)
		a.Loadable = append(a.Loadable, name)
		if mpm, found := strings.CutPrefix(strings.TrimSuffix(name, ".so"), "mod_mpm_"); found {
			a.MPMs = append(a.MPMs, mpm)
		}
	}
}

// below makes path absolute as Apache does: relative to the server root.
func below(serverRoot, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(serverRoot, path)
}
