package system

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// An Apache is one that wsgictl changes: what was detected of it, and where
// its configuration goes.
type Apache struct {
	detect.Apache
	layout

	environment map[string]string // that its envvars set
}

// New gives the Apache of a host.
func New(host detect.Host) (*Apache, error) {
	if host.Apache == nil {
		return nil, errors.New("no Apache on this host: install it, or name it with --httpd")
	}
	a := &Apache{Apache: *host.Apache, environment: environmentOf(host.Apache.EnvVars)}
	var err error
	a.layout, err = layoutOf(a.Apache, a.environment)
	return a, err
}

func environmentOf(envvars string) map[string]string {
	text, err := os.ReadFile(envvars)
	if err != nil {
		return map[string]string{}
	}
	environment, _ := httpdconf.ReadEnvvars(string(text), map[string]string{}, func(name string) bool {
		_, err := os.Stat(name)
		return err == nil
	})
	return environment
}

// Read reads the configuration that begins in a file as this Apache would,
// with further modules taken as loaded. Root stands for "/".
func (a *Apache) Read(root string, assumed []string) (*httpdconf.Config, error) {
	config, err := httpdconf.Read(a.ConfigFile, httpdconf.Options{
		ServerRoot: a.ServerRoot, Root: root, Environment: a.environment, Version: a.Version,
		Static: a.BuiltIn, Assumed: assumed, Modules: []httpdconf.Module{audit.Module(modwsgi.Release{})},
		Scope: httpdconf.Whole,
	})
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return config, nil
}

// hasBuiltIn tells whether a module is compiled in: "alias" of mod_alias.
func (a *Apache) hasBuiltIn(module string) bool { return slices.Contains(a.BuiltIn, module) }

// LogDirectory is the folder for logs. A source build says itself where that is.
func (a *Apache) LogDirectory() string {
	folder := a.environment["APACHE_LOG_DIR"]
	if folder == "" && a.Layout == detect.Source {
		folder = a.errorLogFolder()
	}
	return cmp.Or(folder, a.Apache.LogDirectory())
}

// errorLogFolder is the folder of the main server's error log; empty where that
// is no file.
func (a *Apache) errorLogFolder() string {
	config, err := a.Read("", nil)
	if err != nil {
		return ""
	}
	folder := ""
	for directive := range config.Directives() {
		path := directive.Word(0)
		if !directive.Is("ErrorLog") || strings.HasPrefix(path, "|") || strings.HasPrefix(path, "syslog") {
			continue
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(a.ServerRoot, path)
		}
		folder = filepath.Dir(path)
	}
	return folder
}
