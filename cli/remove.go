package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/trust"
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
	defer o.unlock()
	plan, err := o.PlanRemoval(c.Site, c.takeover())
	if err != nil {
		return usageError{err}
	}
	if err := o.carryOut(ctx, plan, c.changeFlags); err != nil {
		return err
	}
	file := plan.Before.Sites[c.Site].File
	if declares(file, c.Site) {
		fmt.Fprintf(s.stderr, "%s still declares the site: take [site.%s] away there, or the next apply brings it back.\n", file, c.Site)
	}
	return nil
}

// declares tells whether a file declares a site.
func declares(file, name string) bool {
	text, err := trust.ReadFile(file, declarationLimit)
	if err != nil {
		return false
	}
	declared, err := intent.Parse(file, text)
	if err != nil {
		return false
	}
	for _, site := range declared.Sites {
		if site.Name == name {
			return true
		}
	}
	return false
}
