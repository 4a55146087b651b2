package audit

import "fmt"

var authScriptEmbedded = &Rule{
	ID: "WC175", Name: "auth-script-embedded", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "a script that decides about access or dispatch runs in Apache's own processes",
	Why: "Such scripts never run in a daemon, and WSGIRestrictEmbedded does not forbid them: each of Apache's processes " +
		"starts Python for them, as Apache's user, without any timeout.",
	Remedy: "Keep the script small and quick, or let the application or a module of Apache do it.",
	Link:   guides + "access-control-mechanisms.html",
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Location />
WSGIAccessScript /srv/shop/access.wsgi
</Location>`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Location />
Require ip 192.0.2.0/24
</Location>`,
	Check: checkAuthScriptEmbedded,
}

func checkAuthScriptEmbedded(p *Pass) {
	for d := range p.All("WSGIAccessScript", "WSGIAuthUserScript", "WSGIAuthGroupScript", "WSGIDispatchScript") {
		p.Report(d, Finding{Message: fmt.Sprintf("%s runs in Apache's own processes", d.Word(0))})
	}
}
