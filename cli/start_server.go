package cli

import "context"

type startServerCommand struct {
	Args []string `arg:"" optional:"" passthrough:"" help:"Entry point and options; see wsgictl start-server --help."`
}

// Help is the long form of the command's help.
func (startServerCommand) Help() string {
	return `Example:
  wsgictl start-server wsgi.py --reload-on-changes --log-to-terminal`
}

func (c startServerCommand) Run(ctx context.Context, s *streams) error {
	return serverRoot{"start-server", c.Args}.start(ctx, s)
}
