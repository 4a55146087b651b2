package installer

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// ReleaseFor is the mod_wsgi release that reads the configuration of an application
// in a virtualenv of a host: that of the virtualenv's module, or of the one that
// Apache loads, if it is for the same Python. It is zero where there is none.
func ReleaseFor(host detect.Host, venv string) (modwsgi.Release, error) {
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
