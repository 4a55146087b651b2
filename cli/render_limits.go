package cli

import (
	"context"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/templates"
)

type renderLimitsCommand struct {
	renderFlags `embed:""`
	limitFlags  `embed:""`
	DaemonFlags kong.Plugins `embed:""`
}

type limitFlags struct {
	Arrival int `toml:"arrival" placeholder:"COUNT" help:"Requests a second that may arrive for an application while its queue is full (default: 10)."`
	Reserve int `toml:"reserve" placeholder:"COUNT" help:"Threads for all other requests, such as static files (default: 100)."`
}

// Help is the long form of the command's help.
func (renderLimitsCommand) Help() string {
	return `Prints the sizes of Apache's MPM with which requests that wait for an
application never hold all its threads. They belong to the whole server, once,
behind the MPM's own file, and take a full restart. They are computed from all
daemon process groups of --file, or from the one that the flags describe.

Example:
  wsgictl render limits --processes 4 --threads 10`
}

func (c renderLimitsCommand) Run(ctx context.Context, s *streams, flags given) error {
	r, err := c.start(ctx, s, flags)
	if err != nil {
		return err
	}
	sizes := c.limitFlags
	fill(&sizes, limitFlags{r.file.Limits.Arrival, r.file.Limits.Reserve}, flags)
	limits := templates.Limits{Arrival: sizes.Arrival, Reserve: sizes.Reserve, Daemons: c.daemons(r)}
	if r.host.Apache != nil {
		limits.MPM = r.host.Apache.MPM
	}
	text, err := limits.Render()
	if err != nil {
		return usageError{err}
	}
	return r.print(text)
}

// daemons are the groups that the file declares or its sites name, else the
// one of the flags.
func (c renderLimitsCommand) daemons(r rendering) []templates.Daemon {
	var daemons []templates.Daemon
	for _, name := range r.file.DaemonNames() {
		daemons = append(daemons, r.file.Daemon(name, r.facts()))
	}
	if len(daemons) == 0 {
		daemons = append(daemons, r.file.Daemon("application", r.facts()))
	}
	for i := range daemons {
		for _, setting := range daemonSettings(c.DaemonFlags) {
			daemons[i].Settings = append(intent.Without(daemons[i].Settings, setting.Name), setting)
		}
	}
	return daemons
}
