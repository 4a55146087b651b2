package cli

import (
	"context"
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/templates"
)

type renderDaemonCommand struct {
	Name        string `arg:"" help:"Name of the daemon process group."`
	renderFlags `embed:""`
	templates.Application
	scriptOutput  `embed:""`
	recoveryFlags `embed:""`
	DaemonFlags   kong.Plugins `embed:""`
}

// Help is the long form of the command's help.
func (renderDaemonCommand) Help() string {
	return `Prints the daemon process group with the recommended options, for the main
server, and the lines that make it serve the application.

Example:
  wsgictl render daemon hello --user hello --venv /srv/hello/venv \
    --script /srv/hello/wsgi.py`
}

func (c renderDaemonCommand) Run(ctx context.Context, s *streams, given intent.Given) error {
	r, err := c.start(ctx, s, given)
	if err != nil {
		return err
	}
	flags := r.flags(templates.Site{Application: c.Application}, c.recoveryFlags, c.DaemonFlags)
	application, err := r.file.Application(c.Name, flags)
	if err != nil {
		return err
	}
	if err := c.place(c.Name, &application); err != nil {
		return usageError{err}
	}
	var use string
	if len(r.file.SitesOf(c.Name)) == 0 { // no virtual host of the file uses it
		if use, err = application.RenderFor(c.Name); err != nil {
			return usageError{fmt.Errorf("daemon process group %s: %w", c.Name, err)}
		}
	} else {
		application.Ready = "" // each site has its own
	}
	daemon, err := r.file.DaemonFor(c.Name, flags, application, r.facts())
	if err != nil {
		return usageError{err}
	}
	declaration, err := r.renderDaemon(daemon)
	if err != nil {
		return usageError{err}
	}
	return c.write(r, c.Name, application, "http://localhost", declaration, use)
}

type recoveryFlags struct {
	Recovery int `toml:"recovery" placeholder:"SECONDS" group:"daemon" help:"How long all threads of a process may be stuck before it is replaced (default: 180); request-timeout follows from it."`
}
