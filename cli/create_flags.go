package cli

import (
	"context"
	"errors"
	"fmt"
	"os/user"

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
	for _, daemon := range file.Daemons {
		name := daemon.Settings.Value("user")
		if name == "" {
			continue
		}
		_, err := user.Lookup(name)
		if err == nil {
			continue
		}
		if unknown := user.UnknownUserError(""); !errors.As(err, &unknown) {
			return err
		}
		account := system.NewAccount(name, file.WritableFolders(daemon))
		if err := o.remember(account); err != nil {
			return err
		}
		if err := system.CreateAccount(ctx, account); err != nil {
			return err
		}
		fmt.Fprintf(o.streams.stderr, "Created the account %s.\n", name)
	}
	return nil
}
