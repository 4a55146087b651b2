package express

import (
	"errors"
	"fmt"

	"github.com/wsgictl/wsgictl/templates"
)

func checkAccess(o Access) error {
	if o.AuthGroupScript != "" && o.AuthUserScript == "" {
		return errors.New("--auth-group-script needs --auth-user-script, for groups are asked of a user")
	}
	return nil
}

// settleAuth are the scripts that are asked about users; nil for none.
func settleAuth(o Access, at addresses, caller Caller) *templates.ServerAuth {
	if o.AuthUserScript == "" {
		return nil
	}
	return &templates.ServerAuth{
		Type: o.AuthType, Realm: fmt.Sprintf("%s:%d", at.name(), at.port),
		UserScript: caller.abs(o.AuthUserScript), GroupScript: caller.abs(o.AuthGroupScript), Group: o.AuthGroup,
	}
}
