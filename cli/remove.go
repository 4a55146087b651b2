package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/intent"
)

type removeCommand struct {
	Site string `arg:"" help:"Name of the site."`
	systemFlags
	changeFlags
}

// Help is the long form of the command's help.
func (removeCommand) Help() string {
	return `Takes a site away, with all that no other site needs. With the last site the
Apache is again what it was before the first one.

Example:
  wsgictl remove shop`
}

func (c removeCommand) Run(ctx context.Context, s *streams) error {
	o, err := c.open(ctx, s, toChange)
	if err != nil {
		return err
	}
	defer o.Close()
	plan, err := o.PlanRemoval(c.Site, c.takeover())
	if err != nil {
		return usageError{err}
	}
	if err := o.carryOut(ctx, plan, c.changeFlags); err != nil {
		return err
	}
	file := plan.Before.Sites[c.Site].File
	if declared, err := intent.ReadFile(file); err == nil && declared.Declares(c.Site) {
		fmt.Fprintf(s.stderr, "%s still declares the site: take [site.%s] away there, or the next apply brings it back.\n", file, c.Site)
	}
	return nil
}
