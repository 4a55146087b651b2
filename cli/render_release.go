package cli

import (
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// chooseRelease gives the mod_wsgi release to write for: the one asked for,
// that of the virtualenv's module or of the one that root keeps for it, that of
// the module which Apache loads, if it is for the same Python, or the newest.
func (r rendering) chooseRelease() (modwsgi.Release, error) {
	if r.ModWSGI != "" {
		return modwsgi.ParseRelease(r.ModWSGI)
	}
	if release, err := installer.ReleaseFor(r.host, r.pythonHome()); err != nil || !release.IsZero() {
		return release, err
	}
	venv := r.host.Virtualenv
	if r.Host != "" || venv == nil {
		return modwsgi.Newest, nil
	}
	if venv.Foreign() {
		if kept, found, err := installer.KeptFor(installer.KeptFolder(), *venv); err == nil && found {
			return kept.Release, nil
		}
	}
	r.tellOfNoModule(*venv)
	return modwsgi.Newest, nil
}

// tellOfNoModule says what Apache could not load.
func (r rendering) tellOfNoModule(venv detect.Virtualenv) {
	fmt.Fprintf(r.streams.stderr, "there is no mod_wsgi for Python %s in %s, so that this is written for %s; build it with wsgictl install-module --venv %s, or name another release with --mod-wsgi\n",
		venv.Version, venv.Path, modwsgi.Newest, detect.ShellArgument(venv.Path))
}
