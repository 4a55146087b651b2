package main

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/templates"
)

// complete completes what the file says, holds that it can be read by those who
// have to, and prints what a person should know.
func (o *opened) complete(d declared, module system.Module) (system.Declaration, error) {
	declaration, err := o.declare(d, module)
	if err != nil {
		return system.Declaration{}, usageError{err}
	}
	if err := declaration.CheckAccess(&o.host); err != nil {
		return system.Declaration{}, err
	}
	for _, advice := range o.Advice(&o.host, declaration) {
		fmt.Fprintln(o.streams.stderr, advice)
	}
	return declaration, nil
}

// moduleVenv is the virtualenv that Apache's mod_wsgi comes from: the file's,
// else that of the first daemon process group that names one. The one module
// serves all, since all have the same Python.
func (d declared) moduleVenv() string {
	venv := d.file.Venv
	for _, daemon := range d.file.Daemons {
		venv = cmp.Or(venv, valueOf(daemon.Settings, "python-home"))
	}
	if venv != "" && !filepath.IsAbs(venv) {
		venv = filepath.Join(filepath.Dir(d.path), venv)
	}
	return venv
}

// declare completes what the file says with what the host is.
func (o *opened) declare(d declared, module system.Module) (system.Declaration, error) {
	file := d.file
	if file.ModWSGI != "" && !module.Release.Is(file.ModWSGI) {
		return system.Declaration{}, fmt.Errorf("mod-wsgi %s is declared, and %s has %s: install it with wsgictl install-module --release %s", file.ModWSGI, o.host.Virtualenv.Path, module.Release, file.ModWSGI)
	}
	r := rendering{file: file, host: o.host, release: module.Release, streams: o.streams}
	r.Venv = o.host.Virtualenv.Path
	declaration := system.Declaration{File: d.path, Module: module, Limits: file.Limits, Partly: d.partly, Trust: d.trust}
	for _, site := range file.Sites {
		site.Daemon = cmp.Or(site.Daemon, site.Name)
		site.LogDirectory = cmp.Or(site.LogDirectory, o.LogDirectory())
		declaration.Sites = append(declaration.Sites, site)
	}
	for _, name := range file.DaemonNames() {
		daemon := r.daemon(name)
		var application templates.Application
		if served := file.SitesOf(name); len(served) > 0 {
			application = served[0].Application
		}
		daemon.Settings = r.withDefaults(daemon.Settings, application)
		if err := samePython(daemon, module.Python); err != nil {
			return system.Declaration{}, err
		}
		declaration.Daemons = append(declaration.Daemons, daemon)
	}
	return declaration, nil
}

// samePython holds that a daemon's virtualenv is for the Python of mod_wsgi.
func samePython(daemon templates.Daemon, python string) error {
	home := valueOf(daemon.Settings, "python-home")
	venv, err := detect.ReadVirtualenv(home)
	if err != nil {
		return fmt.Errorf("daemon %s: %w", daemon.Name, err)
	}
	if series := (detect.Python{Version: venv.Version}).MinorVersion(); series != python {
		return fmt.Errorf("daemon %s: the virtualenv %s has Python %s, and Apache's one mod_wsgi is for Python %s: make it with that Python", daemon.Name, home, series, python)
	}
	return nil
}
