package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/wsgictl/wsgictl/detect"
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

func (c bootstrapCommand) Run(ctx context.Context, s *streams) (err error) {
	var undo []string
	defer func() {
		if err != nil {
			s.sayLeft(undo)
		}
	}()
	if _, err := os.Lstat(c.File); errors.Is(err, os.ErrNotExist) {
		if err := c.write(); err != nil {
			return err
		}
		fmt.Fprintf(s.stderr, "Wrote %s.\n", c.File)
		undo = append(undo, "rm "+c.File)
	}
	declared := declareFlags{systemFlags: c.systemFlags, File: c.File}
	path, intent, err := declared.readIntent()
	if err != nil {
		return err
	}
	accounts, err := c.createUsers(ctx, s, intent)
	undo = append(undo, accounts...)
	if err != nil {
		return err
	}
	module, err := c.installModule(ctx, s, moduleVenv(path, intent))
	undo = append(undo, module...)
	if err != nil {
		return err
	}
	if err := (applyCommand{declareFlags: declared, changeFlags: c.changeFlags}).Run(ctx, s); err != nil {
		return err
	}
	for _, site := range intent.Sites {
		fmt.Fprintf(s.stderr, "%s is served at %s. To take it away: wsgictl remove %s\n", site.Name, site.URLs()[0], site.Name)
	}
	return nil
}

// installModule installs mod_wsgi where the virtualenv has none, and gives the
// command that takes it away again.
func (c bootstrapCommand) installModule(ctx context.Context, s *streams, venv string) (undo []string, err error) {
	dir, err := detect.FindVirtualenv(venv)
	if err != nil {
		return nil, usageError{err}
	}
	read, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return nil, usageError{err}
	}
	if module, err := moduleIn(read); err == nil {
		fmt.Fprintf(s.stderr, "mod_wsgi %s is installed in %s already.\n", module.Release, dir)
		return nil, nil
	}
	install := installModuleCommand{Venv: dir, HTTPD: c.HTTPD, Source: c.Source}
	// The lines that load it are apply's to write, so they are not printed.
	if err := install.Run(ctx, &streams{stdout: io.Discard, stderr: s.stderr}); err != nil {
		return nil, err
	}
	return []string{"pip --python " + dir + " uninstall mod_wsgi"}, nil
}
