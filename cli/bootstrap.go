package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/installer"
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
		defer o.Close()
		o.Start = c.Start
		return o.End(ctx, c.bootstrap(ctx, o, d))
	}
	request, err := declares.request(s, toChange)
	if err != nil {
		return err
	}
	session, err := system.Open(ctx, request)
	if err != nil {
		return err
	}
	defer session.Close()
	o := &opened{session, s}
	o.Start = c.Start
	d, err := o.DeclareFirst(project)
	if err == nil {
		err = c.bootstrap(ctx, o, d)
	}
	return o.End(ctx, err)
}

func (c bootstrapCommand) bootstrap(ctx context.Context, o *opened, d intent.Declared) error {
	progress, done := newProgress(o.streams.stderr)
	module, err := o.Provide(ctx, d, installer.Request{Source: c.Source, Progress: progress})
	done()
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
