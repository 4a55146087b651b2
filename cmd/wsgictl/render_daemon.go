package main

import (
	"context"
	"path"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

type renderDaemonCommand struct {
	Name        string `arg:"" help:"Name of the daemon process group."`
	renderFlags `embed:""`
	templates.Application
	DaemonFlags kong.Plugins `embed:""`
}

// Help is the long form of the command's help.
func (renderDaemonCommand) Help() string {
	return `Prints configuration for the main server: the daemon process group with the
recommended options, and, given --script, the lines that make it serve the
script. Writes no file.

Example:
  wsgictl render daemon hello --venv /srv/hello/venv --user hello --script /srv/hello/wsgi.py`
}

func (c renderDaemonCommand) Run(ctx context.Context, s *streams) error {
	host, err := c.facts(ctx)
	if err != nil {
		return err
	}
	daemon, err := c.daemon(c.Name, c.DaemonFlags, host)
	if err != nil {
		return err
	}
	daemon = withHome(daemon, c.Application)
	declaration, err := daemon.Render()
	if err != nil {
		return usageError{err}
	}
	use, err := c.Application.RenderInto(c.Name)
	if err != nil {
		return usageError{err}
	}
	return c.print(s, declaration, use)
}

// withHome makes the folder of the script the working folder where no other
// one was asked for.
func withHome(daemon templates.Daemon, application templates.Application) templates.Daemon {
	if !asked(daemon.Settings, "home") && application.Script != "" {
		daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: "home", Value: path.Dir(application.Script)})
	}
	return daemon
}
