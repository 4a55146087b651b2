package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// declareFlags name what is declared.
type declareFlags struct {
	systemFlags
	keptFlags
	File string `placeholder:"FILE" help:"The declaration (default: ./wsgictl.toml; as root in a folder that others can change, one of /etc/wsgictl)."`
}

// onlyFlag restricts a command to some sites of a declaration.
type onlyFlag struct {
	Only []string `sep:"none" placeholder:"SITE" help:"Change only this site of the declaration, with its daemon process group, and leave its others as they are; may be given again."`
}

// openDeclared opens the Apache for what the file declares. Accounts are trusted
// that are named, those that the file names, and those that were trusted for it
// when it was applied.
func (f declareFlags) openDeclared(ctx context.Context, s *streams, why purpose) (*opened, intent.Declared, error) {
	d, refused := intent.Read(f.File, f.Trust)
	if refused != nil && !isUntrusted(refused) {
		return nil, d, usageError{refused}
	}
	kept, err := f.folder()
	if err != nil {
		return nil, d, err
	}
	o, err := f.find(ctx, s, why)
	if err != nil {
		return nil, d, err
	}
	o.kept = kept
	if err = o.openFor(ctx, f, &d, refused); err != nil {
		o.unlock()
		return nil, d, err
	}
	verbose.File(ctx, "declaration", d.Path)
	return o, d, nil
}

func (o *opened) openFor(ctx context.Context, f declareFlags, d *intent.Declared, refused error) error {
	current, err := o.History.Current()
	if err != nil {
		return err
	}
	known := current.KnownAs(d.Path)
	remembered := stillKnown(current.Trusts(known))
	if refused != nil {
		if *d, err = intent.Read(f.File, append(d.Trust, remembered...)); err != nil {
			return usageError{err}
		}
	}
	d.Path = known
	d.Trust = append(d.Trust, remembered...)
	return o.begin(ctx, append(stillKnown(current.Trusts("")), d.Trust...))
}

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
	declaration, err := d.Complete(intent.Facts{
		Host: o.host, Release: module.Release, Python: module.Python, PythonHome: o.host.Virtualenv.Path, LogDirectory: o.LogDirectory(),
	})
	return system.Declaration{Declaration: declaration, Module: module}, err
}
