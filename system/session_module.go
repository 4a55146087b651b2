package system

import (
	"context"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/trust"
)

// Find finds the mod_wsgi that Apache is to load for a declaration, and says whose it
// is where that is not the virtualenv's own. What there is not is a [*RequestError]
// or an [*installer.RequestError].
func (s *Session) Find(d intent.Declared) (Module, error) { return s.module(d, s.found) }

// Provide is Find, and builds the module where there is none. One that the virtualenv
// has for another Python is replaced, and cannot be brought back; what a command that
// fails has built is undone. The request says from which source, and who is told of
// the steps.
func (s *Session) Provide(ctx context.Context, d intent.Declared, r installer.Request) (Module, error) {
	return s.module(d, func(w installer.Wanted) (installer.Installed, error) {
		r.Say, r.Hold = s.Report, s.request.Hold
		r.Placing = func() error { return s.remember(NewModule(s.Host.Virtualenv.Path)) }
		r.Keeping = func(path string) error { return s.remember(NewKept(path)) }
		return w.Provide(ctx, r)
	})
}

// FindOrKeep is Find, and Provide where others can change the virtualenv: then root
// builds a module of its own. It installs nothing into a virtualenv that is root's.
func (s *Session) FindOrKeep(ctx context.Context, d intent.Declared, r installer.Request) (Module, error) {
	if err := s.useVirtualenv(d); err != nil {
		return Module{}, err
	}
	if s.Host.Virtualenv.Foreign() {
		return s.Provide(ctx, d, r)
	}
	return s.Find(d)
}

// useVirtualenv takes the one that Apache's mod_wsgi comes from.
func (s *Session) useVirtualenv(d intent.Declared) error {
	venv, err := d.Virtualenv()
	if err != nil {
		return &RequestError{err}
	}
	s.Host.Virtualenv = &venv
	return nil
}

// module finds that mod_wsgi by a function, and reads it.
func (s *Session) module(d intent.Declared, find func(installer.Wanted) (installer.Installed, error)) (Module, error) {
	if err := s.useVirtualenv(d); err != nil {
		return Module{}, err
	}
	trusted, err := trust.Deciders().And(d.Trust...)
	if err != nil {
		return Module{}, err
	}
	found, err := find(installer.Wanted{Host: s.Host, Release: d.File.ModWSGI, Folder: s.request.Modules, Trusted: trusted})
	if err != nil {
		return Module{}, err
	}
	module, err := ReadModule(found.Module, found.LoadFile, trusted)
	if err != nil {
		return Module{}, &RequestError{err}
	}
	return module, nil
}

func (s *Session) found(w installer.Wanted) (installer.Installed, error) {
	found, err := w.Find()
	if note := found.OriginNote(); err == nil && note != "" {
		s.Report(note)
	}
	return found, err
}

// Declare completes what a file says with what the host is and the module, and holds
// that it can be read by those who have to. What cannot be meant is a [*RequestError].
func (s *Session) Declare(d intent.Declared, module Module) (Declaration, error) {
	declaration, err := s.complete(d, module)
	if err != nil {
		return Declaration{}, err
	}
	return declaration, declaration.CheckAccess(&s.Host)
}

func (s *Session) complete(d intent.Declared, module Module) (Declaration, error) {
	declaration, err := d.Complete(intent.Facts{
		Host: s.Host, Release: module.Release, Python: module.Python, PythonHome: s.Host.Virtualenv.Path, LogDirectory: s.LogDirectory(),
		CertificateStore: s.CertificateStore(),
	})
	if err != nil {
		return Declaration{}, &RequestError{err}
	}
	return Declaration{Declaration: declaration, Module: module, Confined: s.Host.System.SELinux == "enforcing"}, nil
}

// PlanOf is what the declaration in a file would change: by those who are trusted for
// it, and those who are named. No Python is started to find that out.
func (s *Session) PlanOf(file string) (*Plan, error) {
	current, err := s.History.Current()
	if err != nil {
		return nil, err
	}
	d, err := intent.Read(file, append(stillKnown(current.Trusts(file)), s.request.Trust...))
	if err != nil {
		return nil, err
	}
	there := *s
	module, err := there.module(d, installer.Wanted.Find)
	if err != nil {
		return nil, err
	}
	declaration, err := there.complete(d, module)
	if err != nil {
		return nil, err
	}
	return there.Plan(declaration, Refuse)
}
