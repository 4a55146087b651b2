package cli

import (
	"context"
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
	setup, err := setUp(ctx, s, "start-server", c.Args)
	if setup == nil || err != nil || !setup.Starts() {
		return err
	}
	release, err := s.signals.hold(c)
	if err != nil {
		return err
	}
	defer release()
	code, err := setup.Start()
	if err == nil && code != 0 {
		return exitError(code)
	}
	return err
}
