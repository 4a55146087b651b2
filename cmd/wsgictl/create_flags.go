package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"

	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/templates"
)

// createFlags say what of the host may be made beside files.
type createFlags struct {
	CreateUser bool `help:"Create the accounts that daemon process groups run as and that are not there."`
}

// createUsers creates the accounts that the declaration names, where that is
// asked for. Nothing takes them away again.
func (f createFlags) createUsers(ctx context.Context, s *streams, intent templates.Intent) error {
	if !f.CreateUser {
		return nil
	}
	for _, daemon := range intent.Daemons {
		name := valueOf(daemon.Settings, "user")
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
		if err := system.CreateAccount(ctx, name); err != nil {
			return err
		}
		fmt.Fprintf(s.stderr, "Created the account %s.\n", name)
	}
	return nil
}
