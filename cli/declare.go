package cli

import (
	"fmt"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
)

// complete completes what the file says, holds that it can be read by those who
// have to, and prints what a person should know.
func (o *opened) complete(d intent.Declared, module system.Module) (system.Declaration, error) {
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

// declare completes what the file says with what the host is.
func (o *opened) declare(d intent.Declared, module system.Module) (system.Declaration, error) {
	sites, daemons, err := d.Complete(intent.Facts{
		Host: o.host, Release: module.Release, Python: module.Python, PythonHome: o.host.Virtualenv.Path, LogDirectory: o.LogDirectory(),
	})
	return system.Declaration{
		File: d.Path, Module: module, Sites: sites, Daemons: daemons, Limits: d.File.Limits, Partly: d.Partly, Trust: d.Trust,
	}, err
}
