package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
)

// createFlags say what of the host may be made beside files.
type createFlags struct {
	CreateUser bool `help:"Create the accounts that daemon process groups run as and that are not there."`
}

// createUsers creates the accounts that the declaration names, where that is
// asked for. When the command fails they are taken away again.
func (f createFlags) createUsers(ctx context.Context, o *opened, file intent.File) error {
	if !f.CreateUser {
		return nil
	}
	missing, err := system.MissingAccounts(file)
	if err != nil {
		return err
	}
	for _, account := range missing {
		if err := o.remember(account); err != nil {
			return err
		}
		if err := system.CreateAccount(ctx, account); err != nil {
			return err
		}
		fmt.Fprintf(o.streams.stderr, "Created the account %s.\n", account.Name)
	}
	return nil
}
