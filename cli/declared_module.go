package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/trust"
)

// useVirtualenv looks into the virtualenv that is named, or the usual ones. One
// that others can change has to be named: a declaration of root's does not depend
// on what lies where root happens to be.
func (o *opened) useVirtualenv(named string) error {
	dir, err := detect.FindVirtualenv(named)
	if err != nil && named != "" {
		return usageError{err}
	}
	if err != nil {
		return usageError{errors.New("no virtualenv: name it as venv in the file")}
	}
	venv, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return usageError{err}
	}
	if named == "" && venv.Foreign() {
		return usageError{fmt.Errorf("no virtualenv is named, and the one here is one that others can change (%s): name it as venv in the file", venv.OthersCanChange)}
	}
	o.host.Virtualenv = &venv
	return nil
}

// noModule is about a mod_wsgi that is still to be built.
type noModule struct{ error }

// module reads the mod_wsgi of the virtualenv, or, where that has none, the
// distribution's, if the file asks for its release. Where others can change the
// virtualenv, Apache gets one that root keeps.
func (o *opened) module(d declared) (system.Module, error) {
	venv := *o.host.Virtualenv
	trusted, err := trust.Deciders().And(d.trust...)
	if err != nil {
		return system.Module{}, err
	}
	if venv.Foreign() {
		return o.keptModule(d.file.ModWSGI, trusted)
	}
	found, missing := moduleIn(venv)
	if missing == nil {
		return readModule(found.Module, found.loadFile, trusted)
	}
	return o.distributionModule(d.file.ModWSGI, trusted, missing)
}

// keptModule is the release asked for, or the newest, of those that root keeps
// for the Python of the virtualenv. Python is not started for that.
func (o *opened) keptModule(asked string, trusted trust.Trustees) (system.Module, error) {
	venv := o.host.Virtualenv
	python := detect.ReadPython(venv.Python())
	if python == nil {
		return system.Module{}, fmt.Errorf("virtualenv %s: %s is no Python that tells of itself in its files, and others can change it: make the virtualenv with /usr/bin/python3", venv.Path, venv.Python())
	}
	if err := detect.CheckBasePython(*python, venv, trusted); err != nil {
		return system.Module{}, err
	}
	all, err := installer.FindKept(o.kept, *python)
	if err != nil {
		return system.Module{}, err
	}
	for _, kept := range all {
		if asked == "" || kept.Release.Is(asked) {
			return readModule(kept.Module, kept.LoadFile(*python), trusted)
		}
	}
	release := "mod_wsgi"
	if asked != "" {
		release += " " + asked
	}
	return o.distributionModule(asked, trusted, fmt.Errorf("root keeps no %s for Python %s, and others can change %s (%s): \"wsgictl apply\" builds one, as does wsgictl install-module --venv %s",
		release, python.MinorVersion(), venv.Path, venv.OthersCanChange, detect.ShellArgument(venv.Path)))
}

// distributionModule reads the distribution's mod_wsgi, if its release is asked
// for; else the error is what is missing.
func (o *opened) distributionModule(asked string, trusted trust.Trustees, missing error) (system.Module, error) {
	module, there := distributionModule(o.host)
	switch {
	case !there:
		return system.Module{}, noModule{missing}
	case asked != module.Release:
		return system.Module{}, noModule{fmt.Errorf("%w; %s", missing, offer(module))}
	}
	return readModule(module, "", trusted)
}

// moduleLimit bounds the file of a module, in bytes.
const moduleLimit = 64 << 20

func readModule(module detect.Module, loadFile string, trusted trust.Trustees) (system.Module, error) {
	release, err := modwsgi.ParseRelease(module.Release)
	if err != nil {
		return system.Module{}, err
	}
	content, err := trusted.ReadFile(module.Path, moduleLimit)
	if isUntrusted(err) {
		return system.Module{}, fmt.Errorf("mod_wsgi, which Apache would load as root: %w; install it again as root (wsgictl install-module --force)%s", err, trust.AtOwnRisk(err))
	}
	if err != nil {
		return system.Module{}, fmt.Errorf("read mod_wsgi: %w", err)
	}
	return system.Module{Path: module.Path, Content: content, Release: release, Python: module.Python, LoadFile: loadFile}, nil
}

// distributionModule is the mod_wsgi that a package put into Apache's modules
// folder, where it is for the virtualenv's Python.
func distributionModule(host detect.Host) (detect.Module, bool) {
	for _, module := range host.Modules {
		inFolder := filepath.Dir(module.Path) == host.Apache.ModulesDir
		ours := strings.HasPrefix(filepath.Base(module.Path), "mod_wsgi-") // copies, named by system.Module
		if inFolder && !ours && module.Release != "" && strings.HasPrefix(host.Virtualenv.Version+".", module.Python+".") {
			return module, true
		}
	}
	return detect.Module{}, false
}

// explainModule says where the module comes from, where that is not the
// virtualenv.
func (o *opened) explainModule(module system.Module) {
	switch filepath.Dir(module.Path) {
	case o.host.Apache.ModulesDir:
		fmt.Fprintf(o.streams.stderr, "The virtualenv has no mod_wsgi of its own: Apache gets a copy of the distribution's, %s. Updates of its package are taken up by the next apply.\n", module.Path)
	case o.kept:
		fmt.Fprintf(o.streams.stderr, "Others can change the virtualenv (%s): Apache loads root's own mod_wsgi %s (%s), and the virtualenv is for the daemon processes alone.\n", o.host.Virtualenv.OthersCanChange, module.Release, module.Path)
	}
}

func offer(module detect.Module) string {
	return fmt.Sprintf("or take the distribution's mod_wsgi %s, which is for Python %s too (%s): mod-wsgi = %q in the file", module.Release, module.Python, module.Path, module.Release)
}

// foundModule is the mod_wsgi that Apache is to load, with a word about where it
// comes from.
func (o *opened) foundModule(d declared) (system.Module, error) {
	module, err := o.module(d)
	if err == nil {
		o.explainModule(module)
	}
	return module, err
}

// builtModule is the mod_wsgi that Apache is to load, which is built where there
// is none. One that the virtualenv has for another Python is replaced, and
// cannot be brought back.
func (o *opened) builtModule(ctx context.Context, d declared, source string) (system.Module, error) {
	module, err := o.foundModule(d)
	switch {
	case err == nil:
		return module, nil
	case !errors.As(err, new(noModule)):
		return module, usageError{err}
	}
	if err := o.install(ctx, d, source); err != nil {
		return system.Module{}, err
	}
	return o.module(d)
}

// install builds mod_wsgi for the virtualenv, and puts it there, or where root
// keeps such. A command that fails undoes it.
func (o *opened) install(ctx context.Context, d declared, source string) error {
	venv := o.host.Virtualenv
	host, err := detect.Detect(ctx, detect.Request{HTTPD: o.host.Apache.Path, Venv: venv.Path})
	if err != nil {
		return err
	}
	trusted, err := trust.Deciders().And(d.trust...)
	if err != nil {
		return err
	}
	if err := o.willPlace(venv); err != nil {
		return err
	}
	report, done := newProgress(o.streams.stderr)
	defer done()
	_, err = installer.Install(ctx, installer.Request{
		Host: host, Release: releaseFor(d.file.ModWSGI, source), Source: source, Trusted: trusted, Progress: report,
		ModulesDirectory: o.folderToKeep(venv), Keeping: func(path string) error { return o.remember(newKept(path)) },
		Say:  func(text string) { fmt.Fprintln(o.streams.stderr, text) },
		Hold: o.hold,
	})
	return requestError(err)
}

// folderToKeep is where the module of a virtualenv is kept; nowhere beside one that is
// root's own.
func (o *opened) folderToKeep(venv *detect.Virtualenv) string {
	if venv.Foreign() {
		return o.kept
	}
	return ""
}

// releaseFor is the release to build: a source that is named is of one already.
func releaseFor(asked, source string) string {
	if source != "" {
		return ""
	}
	return asked
}

// willPlace remembers that mod_wsgi is about to be put into a virtualenv that has
// none.
func (o *opened) willPlace(venv *detect.Virtualenv) error {
	if venv.Foreign() {
		return nil
	}
	held, err := installer.Holds(venv)
	if err != nil || held {
		return err
	}
	return o.remember(newModule(*venv))
}
