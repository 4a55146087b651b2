package audit

import "fmt"

var daemonUserShared = &Rule{
	ID: "WC108", Name: "daemon-user-shared", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "an application runs as the user of Apache itself",
	Why: "What the application may read and write, Apache and every other application of that user may too: a hole in " +
		"one of them opens all, with their passwords and sessions.",
	Remedy: "Make an account for the application and name it with user= and group=.",
	Link:   guides + "security-hardening.html",
	Bad: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop user=shop group=shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkDaemonUserShared,
}

func checkDaemonUserShared(p *Pass) {
	own := p.IsServerRoot()
	apache := ""
	if user := p.Main().Last("User"); user != nil {
		apache = user.Word(0)
	}
	for _, group := range p.Daemons {
		user, ok := group.Options.Get("user")
		switch {
		case own:
			// Apache serves this one application, as its user.
		case !ok && group.Options.IsOpen():
		case !ok:
			p.Report(group.Directive, Finding{Message: fmt.Sprintf("the daemon process group %s has no user=: it runs as the user of Apache", group.Name)})
		case user == apache || user == "nobody":
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("the daemon process group %s runs as %s, as others do", group.Name, user), Option: "user",
			})
		}
	}
}
