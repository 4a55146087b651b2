package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
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

func (c renderDaemonCommand) Run(ctx context.Context, s *streams, flags given) error {
	r, err := c.start(ctx, s, flags)
	if err != nil {
		return err
	}
	application := c.Application
	if err := r.absolute(&application.Script); err != nil {
		return err
	}
	served := r.file.SitesOf(c.Name)
	if len(served) > 0 {
		fill(&application, served[0].Application, flags)
	}
	if err := c.place(c.Name, &application); err != nil {
		return usageError{err}
	}
	var use string
	if len(served) == 0 { // no virtual host of the file uses it
		if use, err = application.RenderFor(c.Name); err != nil {
			return usageError{fmt.Errorf("daemon process group %s: %w", c.Name, err)}
		}
	}
	declaration, err := r.renderDaemon(c.Name, c.recoveryFlags, c.DaemonFlags, application)
	if err != nil {
		return usageError{err}
	}
	return c.write(r, c.Name, application, declaration, use)
}

type recoveryFlags struct {
	Recovery int `toml:"recovery" placeholder:"SECONDS" group:"daemon" help:"How long all threads of a process may be stuck before it is replaced (default: 180); request-timeout follows from it."`
}

// renderDaemon renders the declaration of the group that serves an
// application, and says on stderr what a person should still decide.
func (r rendering) renderDaemon(name string, recovery recoveryFlags, flags kong.Plugins, application templates.Application) (string, error) {
	daemon := r.file.Daemon(name, r.facts())
	flagged := daemonSettings(flags)
	if err := r.absoluteSettings(flagged); err != nil {
		return "", err
	}
	if recovery.Recovery != 0 || intent.Value(flagged, "request-timeout") != "" {
		// One of the two wins over either of them in the file.
		daemon.Recovery = time.Duration(recovery.Recovery) * time.Second
		daemon.Settings = intent.Without(daemon.Settings, "request-timeout")
	}
	for _, setting := range flagged {
		daemon.Settings = append(intent.Without(daemon.Settings, setting.Name), setting)
	}
	daemon.Settings = r.facts().WithDefaults(daemon.Settings, application)
	text, err := daemon.Render()
	if err != nil {
		return "", err
	}
	r.advise(daemon)
	return text, nil
}

// absoluteSettings makes the paths among the settings of flags absolute.
func (r rendering) absoluteSettings(settings []modwsgi.Setting) error {
	for i, setting := range settings {
		option, err := modwsgi.LookupDaemonOption(setting.Name, modwsgi.Release{})
		if err != nil {
			return err
		}
		var paths []string
		switch option.Kind {
		case modwsgi.Path:
			paths = []string{setting.Value}
		case modwsgi.Paths:
			paths = strings.Split(setting.Value, ":")
		default:
			continue
		}
		for j := range paths {
			if err := r.absolute(&paths[j]); err != nil {
				return err
			}
		}
		settings[i].Value = strings.Join(paths, ":")
	}
	return nil
}

// advise says what the rendered group lacks and only a person can decide.
func (r rendering) advise(daemon templates.Daemon) {
	if intent.Value(daemon.Settings, "user") == "" {
		fmt.Fprintf(r.streams.stderr, "daemon process group %s runs as Apache's own user; give it an account with --user\n", daemon.Name)
	}
	if intent.Value(daemon.Settings, "home") == "" {
		fmt.Fprintf(r.streams.stderr, "daemon process group %s has no working folder; name the project's with --home\n", daemon.Name)
	}
	if intent.Value(daemon.Settings, "python-home") == "" {
		fmt.Fprintf(r.streams.stderr, "daemon process group %s has no virtualenv; name it with --venv\n", daemon.Name)
	}
	if daemon.Locale == "" && intent.Value(daemon.Settings, "locale") == "" {
		fmt.Fprintf(r.streams.stderr, "daemon process group %s: the host has neither C.UTF-8 nor en_US.UTF-8; C.UTF-8 is written, install it or name another with --lang and --locale\n", daemon.Name)
	}
}
