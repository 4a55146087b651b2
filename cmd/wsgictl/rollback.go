package main

import (
	"context"
	"fmt"
	"strconv"
)

type rollbackCommand struct {
	Generation string `arg:"" optional:"" placeholder:"N" help:"The generation to go back to; 0 is the Apache from before wsgictl (default: the one before that which is in force)."`
	systemFlags
	changeFlags
}

// Help is the long form of the command's help.
func (rollbackCommand) Help() string {
	return `Brings a former generation back into force, as a transaction of its own.

Example:
  wsgictl rollback
  wsgictl rollback 3`
}

func (c rollbackCommand) Run(ctx context.Context, s *streams) error {
	number := -1
	if c.Generation != "" {
		var err error
		if number, err = strconv.Atoi(c.Generation); err != nil || number < 0 {
			return usageError{fmt.Errorf("generation %s: want a number; \"wsgictl history\" lists them", c.Generation)}
		}
	}
	o, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer o.unlock()
	plan, err := o.PlanRollback(number, c.takeover())
	if err != nil {
		return usageError{err}
	}
	return o.carryOut(ctx, plan, c.changeFlags)
}
