package cli

import (
	"context"

	"github.com/wsgictl/wsgictl/verbose"
)

// globalFlags are those that each command has.
type globalFlags struct {
	Verbose bool `short:"v" help:"Tell which programs are started, how long they take, and which files decide."`
}

// context is the one that a command gets.
func (e globalFlags) context(ctx context.Context, s *streams) context.Context {
	if !e.Verbose {
		return ctx
	}
	return verbose.Into(ctx, s.tell)
}
