package cli

import (
	"context"
	"io"
	"os"

	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/monitor/top"
)

type topCommand struct {
	Once bool `help:"Print what runs now, and exit; so it does where the output is no terminal."`
	JSON bool `name:"json" help:"The same as JSON."`
	askedMonitor
}

// Help is the long form of the command's help.
func (topCommand) Help() string {
	return `Shows in the terminal what the monitor knows, each second: daemon process groups,
their processes, the requests that these have at hand, and where one of them is.

  Enter, Esc   go down to processes, requests and a stack, and back
  p, t         all processes, all requests
  s, r         sort by the next column, turn the order around
  /            show only what has a text in it
  q            quit

CAP is the part of the threads' time in which they were busy, WAIT the requests that
no thread took yet, RST the processes that stopped, MEM what processes take together.

Example:
  wsgictl top
  wsgictl top --once | head -5`
}

func (c topCommand) Run(ctx context.Context, s *streams) error {
	if screen := s.screen(); screen != nil && !c.Once && !c.JSON {
		return c.watch(ctx, s, screen)
	}
	view, err := c.view(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return jsonreport.Write(s.stdout, view)
	}
	return top.Write(s.stdout, view, printable)
}

// watch holds the terminal, which is as it was before when a signal comes.
func (c topCommand) watch(ctx context.Context, s *streams, screen io.Writer) error {
	if _, err := c.view(ctx); err != nil { // said where it stays to be read
		return err
	}
	release, err := s.signals.hold(c)
	if err != nil {
		return err
	}
	defer release()
	err = top.Run(ctx, top.Source{View: c.view, AtHand: c.atHand, Clean: printable}, os.Stdin, screen)
	if err == nil && ctx.Err() != nil {
		return errStopped
	}
	return err
}

// resumable tells that nobody else puts the terminal back.
func (topCommand) resumable() bool { return false }
