package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// chooseRelease gives the mod_wsgi release to write for: the one asked for,
// that of the virtualenv's module or of the one that root keeps for it, that of
// the module which Apache loads, if it is for the same Python, or the newest.
func (r rendering) chooseRelease() (modwsgi.Release, error) {
	if r.ModWSGI != "" {
		return modwsgi.ParseRelease(r.ModWSGI)
	}
	for _, wanted := range []func(detect.Module) bool{r.inVirtualenv, r.loaded} {
		for _, module := range r.host.Modules {
			if module.Release != "" && wanted(module) && r.forSamePython(module) {
				return modwsgi.ParseRelease(module.Release)
			}
		}
	}
	venv := r.host.Virtualenv
	if r.Host != "" || venv == nil {
		return modwsgi.Newest, nil
	}
	if venv.Foreign() {
		if kept, found, err := keptFor(*venv); err == nil && found && kept.Release != "" {
			return modwsgi.ParseRelease(kept.Release)
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

func (r rendering) inVirtualenv(module detect.Module) bool {
	venv := r.pythonHome()
	return venv != "" && strings.HasPrefix(module.Path, venv+"/")
}

func (r rendering) loaded(module detect.Module) bool {
	return r.host.Apache != nil && slices.ContainsFunc(r.host.Apache.Loaded, func(l detect.Loaded) bool { return l.Path == module.Path })
}

// forSamePython reports whether a module is for the Python of the virtualenv, as
// far as that is known.
func (r rendering) forSamePython(module detect.Module) bool {
	venv := r.host.Virtualenv
	return venv == nil || venv.Version == "" || module.Python == "" || strings.HasPrefix(venv.Version+".", module.Python+".")
}
