package main

import "context"

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

func (c applyCommand) Run(ctx context.Context, s *streams) (err error) {
	_, intent, err := c.readIntent()
	if err != nil {
		return err
	}
	undo, err := c.createUsers(ctx, s, intent)
	defer func() {
		if err != nil {
			s.sayLeft(undo)
		}
	}()
	if err != nil {
		return err
	}
	o, declaration, err := c.openDeclared(ctx, s)
	if err != nil {
		return err
	}
	defer o.unlock()
	plan, err := o.Plan(declaration, c.takeover())
	if err != nil {
		return usageError{err}
	}
	return o.carryOut(ctx, plan, c.changeFlags)
}
