package main

import (
	"cmp"
	"context"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/templates"
)

type renderSiteCommand struct {
	Name        string `arg:"" optional:"" help:"Name of the site (default: its server name)."`
	renderFlags `embed:""`
	templates.Site
	DaemonFlags kong.Plugins `embed:""`
}

// Help is the long form of the command's help.
func (renderSiteCommand) Help() string {
	return `Prints a file for Apache: the daemon process group, declared once at server
level, and the virtual host that uses it. Writes no file.

Example:
  wsgictl render site hello --venv /srv/hello/venv --user hello \
    --server-name hello.example.org --script /srv/hello/wsgi.py`
}

func (c renderSiteCommand) Run(ctx context.Context, s *streams) error {
	host, err := c.facts(ctx)
	if err != nil {
		return err
	}
	site := c.Site
	site.Name = cmp.Or(c.Name, site.ServerName)
	site.Daemon = cmp.Or(site.Daemon, site.Name)
	if site.LogDirectory == "" && host.Apache != nil {
		site.LogDirectory = host.Apache.LogDirectory()
	}
	virtualHosts, err := site.Render()
	if err != nil {
		return usageError{err}
	}
	daemon, err := c.daemon(site.Daemon, c.DaemonFlags, host)
	if err != nil {
		return err
	}
	declaration, err := withHome(daemon, site.Application).Render()
	if err != nil {
		return usageError{err}
	}
	return c.print(s, declaration, virtualHosts)
}
