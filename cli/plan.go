package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/system"
)

type planCommand struct {
	declareFlags
	onlyFlag
	takeoverFlags
	auditFlag
}

// Help is the long form of the command's help.
func (planCommand) Help() string {
	return `Shows each file and link that "wsgictl apply" would change, as a unified diff, and
on stderr what the audit says of the result. Changes nothing. Exits 0 when there
is nothing to do, 3 when changes are pending, and 1 when the files would keep
Apache from starting.

Example:
  wsgictl plan --file /srv/shop/wsgictl.toml`
}

func (c planCommand) Run(ctx context.Context, s *streams) error {
	o, d, err := c.openDeclared(ctx, s, toLook)
	if err != nil {
		return err
	}
	if err := o.History.CheckSettled(); err != nil {
		return err
	}
	if d, err = d.Only(c.Only); err != nil {
		return usageError{err}
	}
	module, err := o.Find(d)
	if err != nil {
		return err
	}
	declaration, err := o.declare(d, module)
	if err != nil {
		return err
	}
	plan, err := o.Plan(declaration, c.takeover())
	if err != nil {
		return usageError{err}
	}
	if plan.IsEmpty() {
		if err := o.CheckHosts(plan); err != nil {
			return err
		}
	}
	if err := o.show(plan); err != nil {
		return err
	}
	if plan.IsEmpty() {
		return o.checkNextStart(ctx)
	}
	if err := o.check(ctx, plan, c.auditFlag); err != nil {
		return err
	}
	if o.RunningPID() == 0 {
		fmt.Fprintln(s.stderr, "Apache does not run: \"wsgictl apply --start\" starts it.")
	}
	fmt.Fprintf(s.stderr, "%s: wsgictl apply\n", pendingWith(plan))
	return errPending
}

// pendingWith says what applying a plan comes to.
func pendingWith(plan *system.Plan) string {
	if len(plan.Changes) == 0 {
		return "No file is to be changed, and that is to be recorded"
	}
	return plural.Count(len(plan.Changes), "change") + " and a reload of Apache are pending"
}

// checkNextStart is an error where the files that are there would keep Apache
// from starting: it runs by what it has read before.
func (o *opened) checkNextStart(ctx context.Context) error {
	if err := o.CheckNextStart(ctx); err != nil {
		return fmt.Errorf("with the files that are there Apache would not start again:\n%w", err)
	}
	if err := o.CheckReload(); err != nil {
		return fmt.Errorf("with the files that are there Apache would stop at the next reload: %w", err)
	}
	return nil
}
