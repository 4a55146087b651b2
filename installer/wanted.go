package installer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// Wanted says which mod_wsgi the system's Apache is to load.
type Wanted struct {
	Host    detect.Host    // with its Apache, its modules, and the virtualenv that is served
	Release string         // the one asked for; empty for whichever there is
	Folder  string         // where root keeps modules for virtualenvs that others can change
	Trusted trust.Trustees // whose files may be loaded, beside root's own
}

// A MissingError is about a mod_wsgi that is still to be built. A [*RequestError]
// wraps it.
type MissingError struct{ Err error }

func (e *MissingError) Error() string { return e.Err.Error() }

func (e *MissingError) Unwrap() error { return e.Err }

// Find finds the mod_wsgi of the virtualenv, or, where that has none, the
// distribution's, if its release is asked for. Where others can change the
// virtualenv, it is one that root keeps. No Python is started. The error is a
// [*RequestError], and where there is none it wraps a [*MissingError].
func (w Wanted) Find() (Installed, error) {
	found, err := w.find()
	if err != nil {
		return Installed{}, &RequestError{err}
	}
	return found, nil
}

func (w Wanted) find() (Installed, error) {
	venv := *w.Host.Virtualenv
	if venv.Foreign() {
		return w.findKept(venv)
	}
	own, missing := installedIn(venv)
	if missing == nil {
		return own, nil
	}
	return w.distributions(missing)
}

// findKept is the release asked for, or the newest, of those that root keeps for
// the Python of the virtualenv.
func (w Wanted) findKept(venv detect.Virtualenv) (Installed, error) {
	python := detect.ReadPython(venv.Python())
	if python == nil {
		return Installed{}, fmt.Errorf("virtualenv %s: %s is no Python that tells of itself in its files, and others can change it: make the virtualenv with /usr/bin/python3", venv.Path, venv.Python())
	}
	if err := detect.CheckBasePython(*python, &venv, w.Trusted); err != nil {
		return Installed{}, err
	}
	all, err := FindKept(w.Folder, *python)
	if err != nil {
		return Installed{}, err
	}
	for _, kept := range all {
		if w.Release == "" || kept.Release.Is(w.Release) {
			return kept.installed(venv, *python), nil
		}
	}
	release := "mod_wsgi"
	if w.Release != "" {
		release += " " + w.Release
	}
	return w.distributions(fmt.Errorf("root keeps no %s for Python %s, and others can change %s (%s): \"wsgictl apply\" builds one, as does wsgictl install-module --venv %s",
		release, python.MinorVersion(), venv.Path, venv.OthersCanChange, detect.ShellArgument(venv.Path)))
}

// distributions is the distribution's mod_wsgi, if its release is asked for; else
// the error is what is missing.
func (w Wanted) distributions(missing error) (Installed, error) {
	module, there := w.packaged()
	switch {
	case !there:
		return Installed{}, &MissingError{missing}
	case w.Release != module.Release:
		return Installed{}, &MissingError{fmt.Errorf("%w; or take the distribution's mod_wsgi %s, which is for Python %s too (%s): mod-wsgi = %q in the file",
			missing, module.Release, module.Python, module.Path, module.Release)}
	}
	release, err := modwsgi.ParseRelease(module.Release)
	return Installed{Module: module, Virtualenv: *w.Host.Virtualenv, Release: release, Origin: OfDistribution}, err
}

// packaged is the mod_wsgi that a package put into Apache's modules folder, where
// it is for the virtualenv's Python.
func (w Wanted) packaged() (detect.Module, bool) {
	for _, module := range w.Host.Modules {
		inFolder := filepath.Dir(module.Path) == w.Host.Apache.ModulesDir
		copied := strings.HasPrefix(filepath.Base(module.Path), "mod_wsgi-") // by "wsgictl apply", or an install-module
		if inFolder && !copied && module.Release != "" && strings.HasPrefix(w.Host.Virtualenv.Version+".", module.Python+".") {
			return module, true
		}
	}
	return detect.Module{}, false
}

// Provide finds the mod_wsgi that is wanted, of which r.Say is told whose it is, or
// installs it where there is none. The request says how; its host, release and
// folder are those of what is wanted.
func (w Wanted) Provide(ctx context.Context, r Request) (Installed, error) {
	found, err := w.Find()
	if note := found.OriginNote(); err == nil && note != "" {
		r.Say(note)
	}
	if !errors.As(err, new(*MissingError)) {
		return found, err
	}
	// With the headers that it is built with, and the Python that is to run it.
	if r.Host, err = detect.Detect(ctx, detect.Request{HTTPD: w.Host.Apache.Path, Venv: w.Host.Virtualenv.Path}); err != nil {
		return Installed{}, err
	}
	if r.Source == "" { // which is of one release already
		r.Release = w.Release
	}
	if r.Trusted = w.Trusted; w.Host.Virtualenv.Foreign() {
		r.ModulesDirectory = w.Folder
	}
	if _, err := Install(ctx, r); err != nil {
		return Installed{}, err
	}
	return w.Find()
}

// OriginNote says where the module comes from, where that is not the virtualenv; else it
// is empty.
func (i Installed) OriginNote() string {
	switch i.Origin {
	case OfDistribution:
		return fmt.Sprintf("The virtualenv has no mod_wsgi of its own: Apache gets a copy of the distribution's, %s. Updates of its package are taken up by the next apply.", i.Module.Path)
	case KeptByRoot:
		return fmt.Sprintf("Others can change the virtualenv (%s): Apache loads root's own mod_wsgi %s (%s), and the virtualenv is for the daemon processes alone.",
			i.Virtualenv.OthersCanChange, i.Release, i.Module.Path)
	}
	return ""
}
