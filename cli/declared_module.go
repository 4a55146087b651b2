package cli

import (
	"context"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/trust"
)

// useVirtualenv takes the one that Apache's mod_wsgi comes from.
func (o *opened) useVirtualenv(d intent.Declared) error {
	venv, err := d.Virtualenv()
	if err != nil {
		return usageError{err}
	}
	o.host.Virtualenv = &venv
	return nil
}

// wanted is the mod_wsgi that Apache is to load for a declaration.
func (o *opened) wanted(d intent.Declared) (installer.Wanted, error) {
	trusted, err := trust.Deciders().And(d.Trust...)
	return installer.Wanted{Host: o.host, Release: d.File.ModWSGI, Folder: o.kept, Trusted: trusted}, err
}

// module finds that mod_wsgi by one of the functions below, and reads it.
func (o *opened) module(d intent.Declared, find func(installer.Wanted) (installer.Installed, error)) (system.Module, error) {
	wanted, err := o.wanted(d)
	if err != nil {
		return system.Module{}, err
	}
	found, err := find(wanted)
	if err != nil {
		return system.Module{}, err
	}
	module, err := system.ReadModule(found.Module, found.LoadFile, wanted.Trusted)
	if err != nil {
		return system.Module{}, usageError{err}
	}
	return module, nil
}

// found says whose the module is, where that is not the virtualenv's own.
func (o *opened) found(w installer.Wanted) (installer.Installed, error) {
	found, err := w.Find()
	if note := found.OriginNote(); err == nil && note != "" {
		o.Report(note)
	}
	return found, err
}

// provided builds the module where there is none. One that the virtualenv has for
// another Python is replaced, and cannot be brought back; what a command that fails
// has built is undone.
func (o *opened) provided(ctx context.Context, source string) func(installer.Wanted) (installer.Installed, error) {
	return func(w installer.Wanted) (installer.Installed, error) {
		progress, done := newProgress(o.streams.stderr)
		defer done()
		return w.Provide(ctx, installer.Request{
			Source: source, Progress: progress, Say: o.Report, Hold: o.hold,
			Placing: func() error { return o.remember(system.NewModule(o.host.Virtualenv.Path)) },
			Keeping: func(path string) error { return o.remember(system.NewKept(path)) },
		})
	}
}
