package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

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

func (c renderSiteCommand) Run(ctx context.Context, s *streams, flags given) error {
	r, err := c.start(ctx, s, flags)
	if err != nil {
		return err
	}
	site, err := c.site(r)
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
		if settings := daemonSettings(c.DaemonFlags); len(settings) > 0 {
			return usageError{fmt.Errorf("site %s: %s belongs to the daemon process group %s, which is declared elsewhere; give it to \"wsgictl render daemon\"",
				site.Name, settings[0].Name, site.Daemon)}
		}
		return c.write(r, site.Name, site.Application, virtualHosts)
	}
	declaration, err := r.renderDaemon(site.Daemon, c.recoveryFlags, c.DaemonFlags, site.Application)
	if err != nil {
		return usageError{err}
	}
	return c.write(r, site.Name, site.Application, declaration, virtualHosts)
}

// site puts the site together from the flags, the file and the host.
func (c renderSiteCommand) site(r rendering) (templates.Site, error) {
	site := c.Site
	if err := r.absolute(templates.Paths(&site)...); err != nil {
		return templates.Site{}, err
	}
	declared, err := declaredSite(c.Name, r.file.Sites)
	if err != nil {
		return templates.Site{}, fmt.Errorf("%s: %w", c.File, err)
	}
	fill(&site, declared, r.given)
	site.Name = cmp.Or(c.Name, declared.Name, site.ServerName)
	if site.Name == "" {
		return templates.Site{}, errors.New("which site? name its host with --server-name, or a --file that declares it")
	}
	site.Daemon = cmp.Or(site.Daemon, site.Name)
	if site.LogDirectory == "" && r.host.Apache != nil {
		site.LogDirectory = r.host.Apache.LogDirectory()
	}
	return site, nil
}

// declaredSite finds the site that is meant among those of the file; without a
// file it is an empty one.
func declaredSite(name string, sites []templates.Site) (templates.Site, error) {
	if len(sites) == 0 || name == "" && len(sites) == 1 {
		return append(sites, templates.Site{})[0], nil
	}
	for _, site := range sites {
		if site.Name == name {
			return site, nil
		}
	}
	names := siteNames(sites)
	if name == "" {
		return templates.Site{}, fmt.Errorf("which site? it declares %s", strings.Join(names, ", "))
	}
	return templates.Site{}, fmt.Errorf("no site %s: it declares %s", name, strings.Join(names, ", "))
}
