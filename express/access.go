package express

import (
	"errors"
	"fmt"

	"github.com/wsgictl/wsgictl/templates"
)

func (p *planner) checkAccess(o Options) error {
	if o.AuthGroupScript != "" && o.AuthUserScript == "" {
		return errors.New("--auth-group-script needs --auth-user-script, for groups are asked of a user")
	}
	return nil
}

func (p *planner) auth() *templates.ServerAuth {
	o := p.command.Options
	if o.AuthUserScript == "" {
		return nil
	}
	return &templates.ServerAuth{
		Type: o.AuthType, Realm: fmt.Sprintf("%s:%d", p.host(), o.Port),
		UserScript: p.caller.abs(o.AuthUserScript), GroupScript: p.caller.abs(o.AuthGroupScript), Group: o.AuthGroup,
	}
}
