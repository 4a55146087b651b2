package cli

import (
	"context"

	"github.com/wsgictl/wsgictl/express"
)

type startServerCommand struct {
	Args []string `arg:"" optional:"" passthrough:"" help:"Entry point and options; see wsgictl start-server --help."`
}

// Help is the long form of the command's help.
func (startServerCommand) Help() string {
	return `Example:
  wsgictl start-server wsgi.py --reload-on-changes --log-to-terminal`
}

// resumable is false: signals are for the Apache that it waits for.
func (startServerCommand) resumable() bool { return false }

func (c startServerCommand) Run(ctx context.Context, s *streams) error {
	return withServer(ctx, s, "start-server", c.Args, func(ctx context.Context, setup *express.Setup) error {
		return c.start(ctx, s, setup)
	})
}

func (c startServerCommand) start(ctx context.Context, s *streams, setup *express.Setup) error {
	if !setup.Starts() {
		return nil
	}
	release, err := s.signals.hold(c)
	if err != nil {
		return err
	}
	defer release()
	code, err := setup.Start(ctx)
	if err == nil && code != 0 {
		return exitError(code)
	}
	return err
}
