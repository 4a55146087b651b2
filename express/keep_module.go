package express

import (
	"cmp"
	"context"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
)

// keptModule takes root's own module for a virtualenv that others can change,
// and builds it where there is none yet. The virtualenv stays the home of the
// application's Python.
func keptModule(ctx context.Context, a apache, python interpreter, who identity) (module, error) {
	kept, said, err := keptFor(ctx, a, *python.venv, who)
	if err != nil {
		return module{}, err
	}
	why := note("%v. So Apache, as root, loads root's own mod_wsgi %s (%s), and the virtualenv is for the application's processes alone.",
		python.foreign, kept.Release, kept.Module.Path)
	m := module{file: kept.Module, release: kept.Release, libpython: kept.LoadFile, kept: true, notes: append(said, why...)}
	return m, m.checkLoaded(who)
}

// keptFor is the newest module that root keeps for the virtualenv's Python, or a
// new one.
func keptFor(ctx context.Context, a apache, venv detect.Virtualenv, who identity) (installer.Installed, notes, error) {
	request := who.Build
	if python := detect.ReadPython(venv.Python()); python != nil {
		if err := detect.CheckBasePython(*python, &venv, who.trusted); err != nil {
			return installer.Installed{}, nil, err
		}
		kept, found, err := installer.KeptFor(cmp.Or(request.ModulesDirectory, installer.KeptFolder()), venv)
		if err != nil || found {
			return kept, nil, err
		}
	}
	host, err := detect.Detect(ctx, detect.Request{HTTPD: a.Path, Venv: venv.Path})
	if err != nil {
		return installer.Installed{}, nil, err
	}
	var said notes
	request.Host, request.Trusted = host, who.trusted
	if request.Say == nil {
		request.Say = func(text string) { said = append(said, text) }
	}
	built, err := installer.Install(ctx, request)
	return built, said, err
}
