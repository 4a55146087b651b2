package cli

import (
	"context"
	"fmt"
	"strconv"
)

type rollbackCommand struct {
	Generation string `arg:"" optional:"" placeholder:"N" help:"The generation to go back to; 0 is the Apache from before wsgictl (default: the one before that which is in force)."`
	File       string `xor:"which" placeholder:"FILE" help:"Go back for this declaration alone (default: for the one that has changed since)."`
	All        bool   `xor:"which" help:"Go back for all declarations that have changed since."`
	systemFlags
	changeFlags
}

// Help is the long form of the command's help.
func (rollbackCommand) Help() string {
	return `Brings a former generation back into force, as a transaction of its own.

Example:
  wsgictl rollback
  wsgictl rollback 3
  wsgictl rollback --file /srv/shop/wsgictl.toml`
}

func (c rollbackCommand) Run(ctx context.Context, s *streams) error {
	number := -1
	if c.Generation != "" {
		var err error
		if number, err = strconv.Atoi(c.Generation); err != nil || number < 0 {
			return usageError{fmt.Errorf("generation %s: want a number; \"wsgictl history\" lists them", c.Generation)}
		}
	}
	o, err := c.open(ctx, s, toChange)
	if err != nil {
		return err
	}
	defer o.Close()
	file, err := o.RollbackFile(number, c.File, c.All)
	if err != nil {
		return usageError{err}
	}
	plan, err := o.PlanRollback(number, file, c.takeover())
	if err != nil {
		return usageError{err}
	}
	return o.carryOut(ctx, plan, c.changeFlags)
}
