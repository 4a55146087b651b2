package request

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// checkAccess is the end of a request of somebody who is not let in, by address,
// name or at all; nil where he is (the hooks access_checker to auth_checker).
func (r located) checkAccess() *death {
	compat := r.compat()
	denied := r.deniedByCompat(compat)
	switch {
	case isSatisfiedByAny(compat):
		if denied == nil {
			return nil
		}
	case denied != nil:
		return r.denyBy(denied)
	}
	return r.authorize()
}

// authorize is what the Requires make of the request (authorize_user_core): one that
// is let in only with a name has to tell it.
func (r located) authorize() *death {
	authType := r.setting("AuthType")
	isTyped := authType != nil && !strings.EqualFold(authType.Word(0), "None")
	required, by := r.Settings.required(r.assume)
	switch {
	case by == nil && isTyped:
		return r.refuse(http.StatusInternalServerError, "AuthType is set, and no Require asks for anybody: httpd answers 500")
	case by == nil, required == granted:
		return nil
	case required != grantedToUsers:
		return r.denyBy(by)
	case !isTyped:
		return r.refuse(http.StatusInternalServerError, "Require asks for users, and no AuthType tells how they prove who they are: httpd answers 500")
	case isPassword(authType) && r.setting("AuthName") == nil:
		return r.refuse(http.StatusInternalServerError, "there is an AuthType without AuthName: httpd answers 500")
	}
	return r.askForUser(authType)
}

// askForUser is the end of the request of a client that does not tell its user.
func (r located) askForUser(authType *conf.Directive) *death {
	r.branch.asksForUser = true
	switch {
	case !r.client.Anonymous:
		return nil
	case isPassword(authType):
		return r.refuse(http.StatusUnauthorized, "Require asks for a user, whom the client does not tell: httpd answers 401")
	}
	return r.refuse(0, "the module for AuthType "+authType.Word(0)+" asks for the user")
}

// isPassword tells the types of httpd itself that ask by 401.
func isPassword(authType *conf.Directive) bool {
	return strings.EqualFold(authType.Word(0), "Basic") || strings.EqualFold(authType.Word(0), "Digest")
}

// denyBy is the end of a request that a directive lets nobody send.
func (r located) denyBy(d *conf.Directive) *death {
	pos := d.Pos()
	by := strings.TrimSpace(strings.TrimPrefix(d.Name, "<") + " " + d.Args)
	return r.refuse(http.StatusForbidden, fmt.Sprintf("%s at %s:%d denies access: httpd answers 403", by, pos.File, pos.Line))
}
