package audit

import (
	"fmt"
	"strings"
)

var passAuthorizationWithApacheAuth = &Rule{
	ID: "WC168", Name: "pass-authorization-with-apache-auth", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "Apache checks the password, and the application gets it all the same",
	Why: "With AuthType Basic the application has REMOTE_USER. WSGIPassAuthorization On also hands it the user's " +
		"password in clear, to end up in error reports and logs.",
	Remedy: "Leave WSGIPassAuthorization off where Apache authenticates; switch it on only for the URLs where the application does.",
	Link:   guides + "access-control-mechanisms.html",
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Location />
AuthType Basic
AuthName shop
Require valid-user
WSGIPassAuthorization On
</Location>`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Location />
AuthType Basic
AuthName shop
Require valid-user
</Location>`,
	Check: checkPassAuthorizationWithApacheAuth,
}

func checkPassAuthorizationWithApacheAuth(p *Pass) {
	for _, a := range p.Applications {
		auth := a.InEffect("AuthType")
		if auth == nil || !strings.EqualFold(auth.Word(0), "Basic") {
			continue
		}
		f := Finding{Message: fmt.Sprintf("%s gets the passwords that Apache checks", a.Name())}
		passed := a.InEffect("WSGIPassAuthorization")
		if a.Alias != nil && a.Alias.Options.Has("pass-authorization") {
			passed, f.Option = nil, "pass-authorization"
			if value, _ := a.Alias.Options.Get("pass-authorization"); strings.EqualFold(value, "On") {
				p.Report(a.Via, f)
			}
		}
		if passed.IsOn() {
			p.Report(passed, f)
		}
	}
}
