package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
)

type bootstrapCommand struct {
	projectFlags
	systemFlags
	keptFlags
	applyFlags
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
	project := c.project()
	declares := declareFlags{systemFlags: c.systemFlags, keptFlags: c.keptFlags, File: project.File}
	if intent.IsThere(project.File) {
		o, d, err := declares.openDeclared(ctx, s, toChange)
		if err != nil {
			return err
		}
		defer o.unlock()
		o.Start = c.Start
		return o.end(ctx, c.bootstrap(ctx, o, d))
	}
	kept, err := c.folder()
	if err != nil {
		return err
	}
	o, err := c.open(ctx, s, toChange)
	if err != nil {
		return err
	}
	defer o.unlock()
	o.kept, o.Start = kept, c.Start
	return o.end(ctx, c.declareFirst(ctx, o, project))
}

// declareFirst writes the declaration that is not there yet.
func (c bootstrapCommand) declareFirst(ctx context.Context, o *opened, project intent.Project) error {
	text, err := project.Text(c.Trust)
	if err != nil {
		return usageError{err}
	}
	path, err := filepath.Abs(project.File)
	if err != nil {
		return err
	}
	if err := o.remember(system.NewDeclaration(path, text)); err != nil {
		return err
	}
	if err := intent.Write(path, text, c.Trust); err != nil {
		return err
	}
	fmt.Fprintln(o.streams.stderr, intent.Wrote(project.File))
	d, err := intent.Read(project.File, c.Trust)
	if err != nil {
		return usageError{err}
	}
	return c.bootstrap(ctx, o, d)
}

func (c bootstrapCommand) bootstrap(ctx context.Context, o *opened, d intent.Declared) error {
	if err := o.useVirtualenv(d); err != nil {
		return err
	}
	module, err := o.module(d, o.provided(ctx, c.Source))
	if err != nil {
		return err
	}
	if err := c.apply(ctx, o, d, module); err != nil {
		return err
	}
	for _, site := range d.File.Sites {
		fmt.Fprintf(o.streams.stderr, "%s is served at %s. To take it away: wsgictl remove %s\n", site.Name, site.URLs()[0], site.Name)
	}
	return nil
}
