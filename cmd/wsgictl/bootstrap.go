package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
)

type bootstrapCommand struct {
	projectFlags
	systemFlags
	changeFlags
	createFlags
	Source string `placeholder:"SOURCE" help:"The mod_wsgi to install, as install-module takes it (default: the newest that fits)."`
}

// Help is the long form of the command's help.
func (bootstrapCommand) Help() string {
	return `From a host with Apache and a virtualenv to a site that is served in daemon mode:
writes a wsgictl.toml where there is none, installs mod_wsgi into the virtualenv
where it is missing, and applies. Each step is also a command of its own: init,
install-module, apply.

Example:
  wsgictl bootstrap --server-name shop.example.org --script wsgi.py`
}

func (c bootstrapCommand) Run(ctx context.Context, s *streams) error {
	venv := c.Venv
	if path, intent, err := c.declared().readIntent(); err == nil {
		venv = moduleVenv(path, intent)
	}
	o, err := c.open(ctx, s, venv)
	if err != nil {
		return err
	}
	defer o.unlock()
	return o.end(ctx, c.bootstrap(ctx, o))
}

func (c bootstrapCommand) bootstrap(ctx context.Context, o *opened) error {
	if err := c.declare(o); err != nil {
		return err
	}
	path, intent, err := c.declared().readIntent()
	if err != nil {
		return err
	}
	venv := moduleVenv(path, intent)
	if err := c.installModule(ctx, o, venv); err != nil {
		return err
	}
	if err := o.look(ctx, c.systemFlags, venv); err != nil {
		return err
	}
	apply := applyCommand{changeFlags: c.changeFlags, createFlags: c.createFlags}
	if err := apply.apply(ctx, o, path, intent); err != nil {
		return err
	}
	for _, site := range intent.Sites {
		fmt.Fprintf(o.streams.stderr, "%s is served at %s. To take it away: wsgictl remove %s\n", site.Name, site.URLs()[0], site.Name)
	}
	return nil
}

func (c bootstrapCommand) declared() declareFlags {
	return declareFlags{systemFlags: c.systemFlags, File: c.File}
}

// declare writes a wsgictl.toml where there is none.
func (c bootstrapCommand) declare(o *opened) error {
	if _, err := os.Lstat(c.File); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	text, err := c.text()
	if err != nil {
		return err
	}
	path, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	if err := o.Store.Make(newDeclaration(path, text)); err != nil {
		return err
	}
	if err := c.write(text); err != nil {
		return err
	}
	fmt.Fprintf(o.streams.stderr, "Wrote %s.\n", c.File)
	return nil
}

// installModule installs mod_wsgi where the virtualenv has none for its Python.
// One that it has for another Python is replaced, and cannot be brought back.
func (c bootstrapCommand) installModule(ctx context.Context, o *opened, named string) error {
	dir, err := detect.FindVirtualenv(named)
	if err != nil {
		return usageError{err}
	}
	venv, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return usageError{err}
	}
	if module, err := moduleIn(venv); err == nil {
		fmt.Fprintf(o.streams.stderr, "mod_wsgi %s is installed in %s already.\n", module.Release, dir)
		return nil
	}
	held, err := installer.Holds(&venv)
	if err != nil {
		return err
	}
	if !held {
		if err := o.Store.Make(newModule(venv)); err != nil {
			return err
		}
	}
	install := installModuleCommand{Venv: dir, HTTPD: c.HTTPD, Source: c.Source}
	// The lines that load it are apply's to write, so they are not printed.
	return install.Run(ctx, &streams{stdout: io.Discard, stderr: o.streams.stderr})
}
