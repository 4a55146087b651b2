package installed

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
)

// An Apache is one httpd and what belongs to it.
type Apache struct {
	Path        string   `json:"path"`               // the httpd program
	Version     string   `json:"version"`            // "2.4.71"
	MagicNumber string   `json:"magic_number"`       // Module Magic Number, "20120211:142"
	Layout      Layout   `json:"layout"`             // "debian", "redhat", "suse", "arch", "alpine", "freebsd", "homebrew", "mod_wsgi-httpd" or "source"
	MPM         string   `json:"mpm"`                // "event", "worker", "prefork"; the one loaded
	MPMBuiltIn  bool     `json:"mpm_built_in"`       // compiled in, not loadable
	MPMs        []string `json:"mpms"`               // those that can be loaded
	ServerRoot  string   `json:"server_root"`        // HTTPD_ROOT
	Instance    bool     `json:"instance,omitempty"` // the server root is another one than httpd is compiled for
	ConfigFile  string   `json:"config_file"`        // absolute
	ModulesDir  string   `json:"modules_dir"`        // LIBEXECDIR
	User        string   `json:"user"`               // the User that its configuration names
	Group       string   `json:"group"`              // the Group that it names
	EnvVars     string   `json:"envvars"`            // file that its control command reads first; empty where there is none
	PIDFile     string   `json:"pid_file"`           // absolute
	PID         int      `json:"pid,omitempty"`      // of the parent process; 0 when it does not run
	Control     string   `json:"control"`            // "apache2ctl", "apachectl"
	AppArmor    string   `json:"apparmor,omitempty"` // mode of the profile that confines it: "enforce", "complain"; empty without one
	BuiltIn     []string `json:"built_in"`           // compiled-in modules: "core", "so", "http_core"
	Loadable    []string `json:"loadable"`           // files of ModulesDir: "mod_ssl.so"
}

// Look gives what an httpd was compiled with: from its file, else from itself. What
// its layout decides is filled in; its configuration is not read.
func Look(ctx context.Context, root hostfiles.Root, path string) (*Apache, error) {
	a := readProgram(root, path)
	if a == nil {
		var err error
		if a, err = askProgram(ctx, root, path); err != nil {
			return nil, err
		}
	}
	a.applyLayout(root)
	a.AppArmor = appArmor(root, path)
	return a, nil
}

// askProgram starts httpd twice, side by side: -V for what was compiled in and
// -l for the modules. "-f /dev/null" keeps -V from reading the configuration,
// which fails on Debian without the variables of envvars, fails where the
// configuration is broken, and is slow where it is large. Without an MPM in
// it, httpd ends with an error after all is printed.
func askProgram(ctx context.Context, root hostfiles.Root, path string) (*Apache, error) {
	var settings, modules string
	var settingsErr, modulesErr error
	var group sync.WaitGroup
	group.Go(func() { settings, settingsErr = root.Output(ctx, path, "-V", "-f", "/dev/null") })
	group.Go(func() { modules, modulesErr = root.Output(ctx, path, "-l") })
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
func (a *Apache) applyLayout(root hostfiles.Root) {
	row := compiledFor(root, a.ServerRoot, a.ConfigFile)
	switch prefix, bundled := strings.CutSuffix(a.Path, "/bin/httpd"); {
	case strings.HasSuffix(a.Path, bundledPath):
		a.ServerRoot, a.ConfigFile = prefix, "conf/httpd.conf"
		row = platformOf(Bundled)
	case row.layout == Source && bundled && !root.IsDir(a.ServerRoot) && root.IsDir(prefix+"/modules"):
		a.ServerRoot = prefix // a source build that was moved
	}
	first := func(candidates []string, is func(string) bool) string {
		return Below(a.ServerRoot, hostfiles.FirstOf(candidates, func(path string) bool { return is(Below(a.ServerRoot, path)) }))
	}
	a.Layout = row.layout
	a.ConfigFile = Below(a.ServerRoot, a.ConfigFile)
	a.PIDFile = Below(a.ServerRoot, a.PIDFile)
	a.ModulesDir = first(row.modules, root.IsDir)
	a.EnvVars = first(row.envVars, root.IsFile)
	a.Control = first(row.control, root.IsProgram)
	a.Loadable = []string{}
	a.MPMs = []string{}
	a.ListModules(root)
}

// ListModules fills in what the modules folder holds.
func (a *Apache) ListModules(root hostfiles.Root) {
	for _, path := range root.Glob(a.ModulesDir, "*.so") {
		name := filepath.Base(path)
		a.Loadable = append(a.Loadable, name)
		if mpm, found := strings.CutPrefix(strings.TrimSuffix(name, ".so"), "mod_mpm_"); found {
			a.MPMs = append(a.MPMs, mpm)
		}
	}
}

// MoveTo makes an Apache the instance with another server root, laid out as the one
// that httpd is compiled for.
func (a *Apache) MoveTo(serverRoot string) {
	for _, path := range []*string{&a.ConfigFile, &a.EnvVars, &a.PIDFile} {
		if inside, found := strings.CutPrefix(*path, a.ServerRoot+"/"); found {
			*path = filepath.Join(serverRoot, inside)
		}
	}
	a.Instance = a.ServerRoot != serverRoot
	a.ServerRoot = serverRoot
}

// Identity is what tells the server of this Apache from others. Those who are trusted
// may change its pid file.
func (a Apache) Identity(root hostfiles.Root, trusted trust.Trustees) Instance {
	return Instance{
		Root: root, Program: a.Path, ServerRoot: a.ServerRoot, ConfigFile: a.ConfigFile, PIDFile: a.PIDFile, Trusted: trusted,
	}
}

// Below makes a path absolute as Apache does: relative to the server root.
func Below(serverRoot, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(serverRoot, path)
}
