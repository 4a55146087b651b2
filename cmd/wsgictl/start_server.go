package main

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

func (c startServerCommand) Run(ctx context.Context, s *streams) error {
	setup, err := setUp(ctx, s, "start-server", c.Args)
	if setup == nil || err != nil || !setup.Starts() {
		return err
	}
	code, err := setup.Start()
	if err == nil && code != 0 {
		return exitError(code)
	}
	return err
}
