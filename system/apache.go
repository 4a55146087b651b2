package system

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// An Apache is one that wsgictl changes: what was detected of it, and where
// its configuration goes.
type Apache struct {
	detect.Apache
	installed.Server

	places      installed.Places
	environment map[string]string // that its envvars set
	trusted     trust.Trustees    // whose files may decide what root does
}

// ErrNoApache says that there is none to change.
var ErrNoApache = errors.New("no Apache on this host: install it, or name it with --httpd")

// New gives the Apache of a host. Accounts that are named, as --trust names
// them, may change what decides what root does, such as a program that root
// starts; else root alone may. A host without an Apache is [ErrNoApache].
func New(host detect.Host, trusted ...string) (*Apache, error) {
	if host.Apache == nil {
		return nil, ErrNoApache
	}
	a := &Apache{Apache: *host.Apache}
	var err error
	if a.trusted, err = trust.Deciders().And(trusted...); err != nil {
		return nil, err
	}
	if err := refuse(a.uses(), a.trusted); err != nil {
		return nil, err
	}
	if a.environment, err = a.Environment("", a.trusted); err != nil {
		return nil, err
	}
	a.Server = installed.NewServer(a.Apache.Apache, a.trusted)
	a.places, err = a.Places(a.environment)
	return a, err
}

// Read reads the configuration as its files are now.
func (a *Apache) Read() (*conf.Config, error) { return a.readBelow("") }

// readBelow reads the configuration as this Apache would if a folder stood for "/".
func (a *Apache) readBelow(root string) (*conf.Config, error) {
	return readWith(a.ConfigFile, a.Options(hostfiles.Root(root), a.environment))
}

// readWith reads a configuration with what a system's Apache knows besides.
func readWith(file string, options conf.Options) (*conf.Config, error) {
	options.Modules, options.HostName = wsgi.Modules(), detect.HostName
	config, err := conf.Read(file, options)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return config, nil
}

// assuming is a configuration as it would be with further modules loaded: of the same
// texts, be the files others by now.
func (a *Apache) assuming(config *conf.Config, modules []string) (*conf.Config, error) {
	options := a.Options("", a.environment)
	options.Assumed, options.Texts = modules, map[string]string{}
	for _, file := range config.Files {
		options.Texts[config.Path(file.Name)] = file.Source
	}
	return readWith(a.ConfigFile, options)
}

// hasBuiltIn tells whether a module is compiled in: "alias" of mod_alias.
func (a *Apache) hasBuiltIn(module string) bool { return slices.Contains(a.BuiltIn, module) }

// LogDirectory is the folder for logs. A source build says itself where that is.
func (m Manager) LogDirectory() string {
	folder := m.environment["APACHE_LOG_DIR"]
	if folder == "" && m.Layout == installed.Source {
		if config, err := m.live(); err == nil && installed.ErrorLog(config.Servers()[0]) != "" {
			folder = filepath.Dir(installed.ErrorLog(config.Servers()[0]))
		}
	}
	return cmp.Or(folder, m.Apache.LogDirectory())
}
