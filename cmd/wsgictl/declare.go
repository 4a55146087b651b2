package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/templates"
)

// declareFlags name what is declared.
type declareFlags struct {
	systemFlags
	File string `default:"wsgictl.toml" placeholder:"FILE" help:"The declaration (default: ./wsgictl.toml)."`
}

// readIntent reads the file, and gives its absolute path.
func (f declareFlags) readIntent() (string, templates.Intent, error) {
	path, err := filepath.Abs(f.File)
	if err != nil {
		return "", templates.Intent{}, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", templates.Intent{}, usageError{fmt.Errorf("no %s: write one with \"wsgictl init\", or name it with --file", f.File)}
	}
	if err != nil {
		return "", templates.Intent{}, usageError{err}
	}
	intent, err := templates.ParseIntent(f.File, text)
	if err != nil {
		return "", templates.Intent{}, usageError{err}
	}
	return path, intent, nil
}

// openDeclared opens the Apache for what the file declares.
func (f declareFlags) openDeclared(ctx context.Context, s *streams) (*opened, system.Declaration, error) {
	path, intent, err := f.readIntent()
	if err != nil {
		return nil, system.Declaration{}, err
	}
	o, err := f.open(ctx, s, moduleVenv(path, intent))
	if err != nil {
		return nil, system.Declaration{}, err
	}
	declaration, err := o.complete(path, intent)
	if err != nil {
		o.unlock()
		return nil, system.Declaration{}, err
	}
	return o, declaration, nil
}

// complete completes what the file says, holds that it can be read by those who
// have to, and prints what a person should know.
func (o *opened) complete(path string, intent templates.Intent) (system.Declaration, error) {
	declaration, err := o.declare(path, intent)
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

// moduleVenv is the virtualenv that Apache's mod_wsgi comes from: the file's,
// else that of the first daemon process group that names one. The one module
// serves all, since all have the same Python.
func moduleVenv(path string, intent templates.Intent) string {
	venv := intent.Venv
	for _, daemon := range intent.Daemons {
		venv = cmp.Or(venv, valueOf(daemon.Settings, "python-home"))
	}
	if venv != "" && !filepath.IsAbs(venv) {
		venv = filepath.Join(filepath.Dir(path), venv)
	}
	return venv
}

// declare completes what the file says with what the host is.
func (o *opened) declare(path string, intent templates.Intent) (system.Declaration, error) {
	module, err := o.module(intent.ModWSGI)
	if err != nil {
		return system.Declaration{}, err
	}
	if intent.ModWSGI != "" && intent.ModWSGI != module.Release.String() {
		return system.Declaration{}, fmt.Errorf("mod-wsgi %s is declared, and %s has %s: install it with wsgictl install-module --release %s", intent.ModWSGI, o.host.Virtualenv.Path, module.Release, intent.ModWSGI)
	}
	r := rendering{intent: intent, host: o.host, release: module.Release, streams: o.streams}
	r.Venv = o.host.Virtualenv.Path
	declaration := system.Declaration{File: path, Module: module, Limits: intent.Limits}
	for _, site := range intent.Sites {
		site.Daemon = cmp.Or(site.Daemon, site.Name)
		site.LogDirectory = cmp.Or(site.LogDirectory, o.LogDirectory())
		declaration.Sites = append(declaration.Sites, site)
	}
	for _, name := range intent.DaemonNames() {
		daemon := r.daemon(name)
		var application templates.Application
		if served := intent.SitesOf(name); len(served) > 0 {
			application = served[0].Application
		}
		daemon.Settings = r.withDefaults(daemon.Settings, application)
		if err := samePython(daemon, module.Python); err != nil {
			return system.Declaration{}, err
		}
		declaration.Daemons = append(declaration.Daemons, daemon)
	}
	return declaration, nil
}

// module reads the mod_wsgi of the virtualenv, or, where that has none, the
// distribution's, if the file asks for its release.
func (o *opened) module(asked string) (system.Module, error) {
	if o.host.Virtualenv == nil {
		return system.Module{}, errors.New("no virtualenv: name it as venv in the file")
	}
	found, missing := moduleIn(*o.host.Virtualenv)
	if missing == nil {
		return readModule(found.Module, found.loadFile)
	}
	module, there := distributionModule(o.host)
	switch {
	case !there:
		return system.Module{}, missing
	case asked != module.Release:
		return system.Module{}, fmt.Errorf("%w; %s", missing, offer(module))
	}
	fmt.Fprintf(o.streams.stderr, "The virtualenv has no mod_wsgi of its own: Apache gets a copy of the distribution's, %s. Updates of its package are taken up by the next apply.\n", module.Path)
	return readModule(module, "")
}

func readModule(module detect.Module, loadFile string) (system.Module, error) {
	release, err := modwsgi.ParseRelease(module.Release)
	if err != nil {
		return system.Module{}, err
	}
	content, err := os.ReadFile(module.Path)
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

func offer(module detect.Module) string {
	return fmt.Sprintf("or take the distribution's mod_wsgi %s, which is for Python %s too (%s): mod-wsgi = %q in the file", module.Release, module.Python, module.Path, module.Release)
}

// samePython holds that a daemon's virtualenv is for the Python of mod_wsgi.
func samePython(daemon templates.Daemon, python string) error {
	home := valueOf(daemon.Settings, "python-home")
	venv, err := detect.ReadVirtualenv(home)
	if err != nil {
		return fmt.Errorf("daemon %s: %w", daemon.Name, err)
	}
	if series := (detect.Python{Version: venv.Version}).MinorVersion(); series != python {
		return fmt.Errorf("daemon %s: the virtualenv %s has Python %s, and Apache's one mod_wsgi is for Python %s: make it with that Python", daemon.Name, home, series, python)
	}
	return nil
}
