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
	return startServer(ctx, s, c.Args)
}

// startServer writes the server root of a command line, and waits for its Apache.
func startServer(ctx context.Context, s *streams, args []string) error {
	return withServer(ctx, s, "start-server", args, func(ctx context.Context, setup *express.Setup) error {
		return start(ctx, s, setup)
	})
}

func start(ctx context.Context, s *streams, setup *express.Setup) error {
	if !setup.Starts() {
		return nil
	}
	release, err := s.signals.hold(startServerCommand{})
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
