package main

import (
	"context"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/templates"
)

type renderLimitsCommand struct {
	renderFlags `embed:""`
	Arrival     int          `placeholder:"COUNT" help:"Requests a second that may arrive for an application while its queue is full (default: 10)."`
	Reserve     int          `placeholder:"COUNT" help:"Threads for all other requests, such as static files (default: 100)."`
	DaemonFlags kong.Plugins `embed:""`
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

func (c renderLimitsCommand) Run(ctx context.Context, s *streams) error {
	r, err := c.start(ctx, s)
	if err != nil {
		return err
	}
	limits := templates.Limits{Arrival: c.Arrival, Reserve: c.Reserve, Daemons: c.daemons(r)}
	fill(&limits, r.intent.Limits)
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
	for _, name := range r.intent.DaemonNames() {
		daemons = append(daemons, r.daemon(name))
	}
	if len(daemons) == 0 {
		daemons = append(daemons, r.daemon("application"))
	}
	for i := range daemons {
		for _, setting := range daemonSettings(c.DaemonFlags) {
			daemons[i].Settings = append(without(daemons[i].Settings, setting.Name), setting)
		}
	}
	return daemons
}
