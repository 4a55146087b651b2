package cli

import (
	"context"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/system"
)

// applyFlags say how what is declared is applied.
type applyFlags struct {
	changeFlags
	createFlags
}

type applyCommand struct {
	declareFlags
	onlyFlag
	applyFlags
	TakeCertificate bool `help:"Declare the certificates with which certbot serves sites of the file, in the place of certbot's own virtual hosts."`
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
	o, d, err := c.openDeclared(ctx, s, toChange)
	if err != nil {
		return err
	}
	defer o.unlock()
	return o.end(ctx, c.run(ctx, o, d))
}

func (c applyCommand) run(ctx context.Context, o *opened, d intent.Declared) error {
	o.Start = c.Start
	var rewritten []store.Change
	if c.TakeCertificate {
		taken, change, err := o.takeCertificates(d, c.Only)
		if err != nil {
			return err
		}
		d, rewritten = taken, append(rewritten, change)
	}
	d, err := d.Only(c.Only)
	if err != nil {
		return usageError{err}
	}
	if err := o.useVirtualenv(d); err != nil {
		return err
	}
	module, err := c.module(ctx, o, d)
	if err != nil {
		return err
	}
	return c.apply(ctx, o, d, module, rewritten...)
}

// module is the one that Apache is to load. Root builds its own where others can
// change the virtualenv, and installs nothing into one that is root's.
func (c applyCommand) module(ctx context.Context, o *opened, d intent.Declared) (system.Module, error) {
	if o.host.Virtualenv.Foreign() {
		return o.module(d, o.provided(ctx, ""))
	}
	return o.module(d, o.found)
}

// apply makes the accounts, and then the change, with that of the declaration
// itself where there is one.
func (f applyFlags) apply(ctx context.Context, o *opened, d intent.Declared, module system.Module, rewritten ...store.Change) error {
	if err := f.createUsers(ctx, o, d.File); err != nil {
		return err
	}
	declaration, err := o.complete(d, module)
	if err != nil {
		return err
	}
	plan, err := o.Plan(declaration, f.takeover())
	if err != nil {
		return usageError{err}
	}
	plan.Add(rewritten...)
	return o.carryOut(ctx, plan, f.changeFlags)
}
