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

func (c renderLimitsCommand) Run(ctx context.Context, s *streams, given intent.Given) error {
	r, err := c.start(ctx, s, given)
	if err != nil {
		return err
	}
	sizes := c.limitFlags
	given.Merge(&sizes, limitFlags{r.file.Limits.Arrival, r.file.Limits.Reserve})
	flags := r.flags(templates.Site{}, recoveryFlags{}, c.DaemonFlags)
	limits := templates.Limits{Arrival: sizes.Arrival, Reserve: sizes.Reserve, Daemons: r.file.AllDaemons(flags, r.facts())}
	if r.host.Apache != nil {
		limits.MPM = r.host.Apache.MPM
	}
	text, err := limits.Render()
	if err != nil {
		return usageError{err}
	}
	return r.print(text)
}
