package installer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// ReleaseFor is the mod_wsgi release to write configuration for, of an application in a
// virtualenv of a host: that of the virtualenv's module, or of the one that Apache
// loads, if it is for the same Python. For the virtualenv of this host it may be the one
// that root keeps for it, too. Without any it is the newest, and missing says what this
// host could not load.
func ReleaseFor(host detect.Host, venv string, here bool) (release modwsgi.Release, missing string, err error) {
	if release, err := releaseThere(host, venv); err != nil || !release.IsZero() {
		return release, "", err
	}
	v := host.Virtualenv
	if !here || v == nil {
		return modwsgi.Newest, "", nil
	}
	if v.Foreign() {
		if kept, found, err := KeptFor(KeptFolder(), *v); err == nil && found {
			return kept.Release, "", nil
		}
	}
	return modwsgi.Newest, fmt.Sprintf("there is no mod_wsgi for Python %s in %s, so that this is written for %s; build it with wsgictl install-module --venv %s, or name another release with --mod-wsgi",
		v.Version, v.Path, modwsgi.Newest, detect.ShellArgument(v.Path)), nil
}

// releaseThere is that of a module in the virtualenv, or of the one that Apache loads;
// zero where there is none.
func releaseThere(host detect.Host, venv string) (modwsgi.Release, error) {
	inVirtualenv := func(module detect.Module) bool { return venv != "" && strings.HasPrefix(module.Path, venv+"/") }
	loaded := func(module detect.Module) bool {
		return host.Apache != nil && slices.ContainsFunc(host.Apache.Loaded, func(l detect.Loaded) bool { return l.Path == module.Path })
	}
	for _, wanted := range []func(detect.Module) bool{inVirtualenv, loaded} {
		for _, module := range host.Modules {
			if module.Release != "" && wanted(module) && forSamePython(module, host.Virtualenv) {
				return modwsgi.ParseRelease(module.Release)
			}
		}
	}
	return modwsgi.Release{}, nil
}

// forSamePython reports whether a module is for the Python of the virtualenv, as
// far as that is known.
func forSamePython(module detect.Module, venv *detect.Virtualenv) bool {
	return venv == nil || venv.Version == "" || module.Python == "" || strings.HasPrefix(venv.Version+".", module.Python+".")
}
