package cli

import "context"

type setupServerCommand struct {
	Args []string `arg:"" optional:"" passthrough:"" help:"Entry point and options; see wsgictl setup-server --help."`
}

// Help is the long form of the command's help.
func (setupServerCommand) Help() string {
	return `Example:
  wsgictl setup-server wsgi.py --port 80 --user www-data \
    --server-root /etc/wsgi-80`
}

func (c setupServerCommand) Run(ctx context.Context, s *streams) error {
	return serverRoot{"setup-server", c.Args}.write(ctx, s)
}
