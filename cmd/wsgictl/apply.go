package main

import (
	"context"

	"github.com/wsgictl/wsgictl/templates"
)

type applyCommand struct {
	declareFlags
	changeFlags
	createFlags
}

// Help is the long form of the command's help.
func (applyCommand) Help() string {
	return `Makes the system's Apache serve what a wsgictl.toml declares, in daemon mode, as
one transaction: the result is checked in a copy, written, taken up by a graceful
reload, and every site is asked. If any of that fails, all is put back and Apache
serves what it served before. docs/apply.md tells it step by step.

Example:
  wsgictl apply --file /srv/shop/wsgictl.toml`
}

func (c applyCommand) Run(ctx context.Context, s *streams) error {
	path, intent, err := c.readIntent()
	if err != nil {
		return err
	}
	o, err := c.open(ctx, s, moduleVenv(path, intent))
	if err != nil {
		return err
	}
	defer o.unlock()
	return o.end(ctx, c.apply(ctx, o, path, intent))
}

// apply makes the accounts, and then the change.
func (c applyCommand) apply(ctx context.Context, o *opened, path string, intent templates.Intent) error {
	if err := c.createUsers(ctx, o, intent); err != nil {
		return err
	}
	declaration, err := o.complete(path, intent)
	if err != nil {
		return err
	}
	plan, err := o.Plan(declaration, c.takeover())
	if err != nil {
		return usageError{err}
	}
	return o.carryOut(ctx, plan, c.changeFlags)
}
