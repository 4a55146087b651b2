package cli

import (
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
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

// moduleVenv is the virtualenv that Apache's mod_wsgi comes from.
func (d declared) moduleVenv() string { return d.file.ModuleVenv(filepath.Dir(d.path)) }

// declare completes what the file says with what the host is.
func (o *opened) declare(d declared, module system.Module) (system.Declaration, error) {
	if asked := d.file.ModWSGI; asked != "" && !module.Release.Is(asked) {
		return system.Declaration{}, fmt.Errorf("mod-wsgi %s is declared, and %s has %s: install it with wsgictl install-module --release %s", asked, o.host.Virtualenv.Path, module.Release, asked)
	}
	sites, daemons := d.file.Complete(intent.Facts{
		Host: o.host, Release: module.Release, PythonHome: o.host.Virtualenv.Path, LogDirectory: o.LogDirectory(),
	})
	if err := intent.CheckPython(daemons, module.Python); err != nil {
		return system.Declaration{}, err
	}
	return system.Declaration{
		File: d.path, Module: module, Sites: sites, Daemons: daemons, Limits: d.file.Limits, Partly: d.partly, Trust: d.trust,
	}, nil
}
