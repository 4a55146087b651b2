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
	CreateUser bool `help:"Create the accounts that daemon process groups run as and that are not there."`
}

// apply makes the accounts, and then the change, with that of the declaration
// itself where there is one.
func (f applyFlags) apply(ctx context.Context, o *opened, d intent.Declared, module system.Module, rewritten ...store.Change) error {
	if f.CreateUser {
		if err := o.CreateAccounts(ctx, d); err != nil {
			return err
		}
	}
	declaration, err := o.declare(d, module)
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
