package cli

import (
	"context"
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/templates"
)

type renderSiteCommand struct {
	Name        string `arg:"" optional:"" help:"Name of the site (default: the only one of the file, else the server name)."`
	renderFlags `embed:""`
	templates.Site
	scriptOutput  `embed:""`
	recoveryFlags `embed:""`
	DaemonFlags   kong.Plugins `embed:""`
}

// Help is the long form of the command's help.
func (renderSiteCommand) Help() string {
	return `Prints a file for Apache: the daemon process group, declared once at server
level, and the virtual host that uses it; with a certificate, a second virtual
host for HTTPS, to which the first redirects.

Example:
  wsgictl render site hello --venv /srv/hello/venv --user hello \
    --server-name hello.example.org --script /srv/hello/wsgi.py \
    --url-alias /static /srv/hello/static`
}

func (c renderSiteCommand) Run(ctx context.Context, s *streams, given intent.Given) error {
	r, err := c.start(ctx, s, given)
	if err != nil {
		return err
	}
	flags := r.flags(c.Site, c.recoveryFlags, c.DaemonFlags)
	site, err := r.file.Site(c.Name, flags, r.facts())
	if err != nil {
		return usageError{err}
	}
	if err := c.place(site.Name, &site.Application); err != nil {
		return usageError{fmt.Errorf("site %s: %w", site.Name, err)}
	}
	virtualHosts, err := site.Render()
	if err != nil {
		return usageError{err}
	}
	if site.Daemon != site.Name {
		if len(flags.Settings) > 0 {
			return usageError{fmt.Errorf("site %s: %s belongs to the daemon process group %s, which is declared elsewhere; give it to \"wsgictl render daemon\"",
				site.Name, flags.Settings[0].Name, site.Daemon)}
		}
		return c.write(r, site.Name, site.Application, site.Address(), virtualHosts)
	}
	daemon, err := r.file.DaemonFor(site.Daemon, flags, site.Application, r.facts())
	if err != nil {
		return usageError{err}
	}
	if err := r.facts().Fit(site, daemon); err != nil {
		return usageError{err}
	}
	declaration, err := r.renderDaemon(daemon)
	if err != nil {
		return usageError{err}
	}
	return c.write(r, site.Name, site.Application, site.Address(), declaration, virtualHosts)
}
