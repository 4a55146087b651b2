package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strings"

	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/templates"
)

// createFlags say what of the host may be made beside files.
type createFlags struct {
	CreateUser bool `help:"Create the accounts that daemon process groups run as and that are not there."`
}

// createUsers creates the accounts that the declaration names, where that is
// asked for. Nothing takes them away again: undo are the commands that do.
func (f createFlags) createUsers(ctx context.Context, s *streams, intent templates.Intent) (undo []string, err error) {
	if !f.CreateUser {
		return nil, nil
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
			return undo, err
		}
		command, err := system.CreateAccount(ctx, name)
		if err != nil {
			return undo, err
		}
		fmt.Fprintf(s.stderr, "Created the account %s.\n", name)
		undo = append(undo, command)
	}
	return undo, nil
}

// sayLeft tells after a failure what was made before it and stays, with the
// commands that undo it.
func (s *streams) sayLeft(undo []string) {
	if len(undo) > 0 {
		fmt.Fprintf(s.stderr, "What was made before this failed stays, so that another try goes on from there. To undo it:\n  %s\n", strings.Join(undo, "\n  "))
	}
}
