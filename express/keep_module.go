package express

import (
	"cmp"
	"context"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
)

// keepModule takes root's own module for a virtualenv that others can change,
// and builds it where there is none yet. The virtualenv stays the home of the
// application's Python.
func (p *planner) keepModule(ctx context.Context) (software, notes, error) {
	s := p.software
	if s.foreign == nil {
		return s, nil, nil
	}
	kept, said, err := p.kept(ctx)
	if err != nil {
		return s, nil, err
	}
	s.module, s.release, s.libpython = kept.Module, kept.Release, kept.LoadFile
	why := note("%v. So Apache, as root, loads root's own mod_wsgi %s (%s), and the virtualenv is for the application's processes alone.",
		s.foreign, s.release, s.module.Path)
	return s, append(said, why...), p.checkLoaded(s)
}

// kept is the newest module that root keeps for the virtualenv's Python, or a
// new one.
func (p *planner) kept(ctx context.Context) (installer.Installed, notes, error) {
	venv, request := p.software.venv, p.caller.Build
	if python := detect.ReadPython(venv.Python()); python != nil {
		if err := detect.CheckBasePython(*python, venv, p.trusted); err != nil {
			return installer.Installed{}, nil, err
		}
		kept, found, err := installer.KeptFor(cmp.Or(request.ModulesDirectory, installer.KeptFolder()), *venv)
		if err != nil || found {
			return kept, nil, err
		}
	}
	host, err := detect.Detect(ctx, detect.Request{HTTPD: p.software.apache.Path, Venv: venv.Path})
	if err != nil {
		return installer.Installed{}, nil, err
	}
	var said notes
	request.Host, request.Trusted = host, p.trusted
	if request.Say == nil {
		request.Say = func(text string) { said = append(said, text) }
	}
	built, err := installer.Install(ctx, request)
	return built, said, err
}
