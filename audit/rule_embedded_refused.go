package audit

import "fmt"

var embeddedRefused = &Rule{
	ID: "WC119", Name: "embedded-refused", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "an application has no process group, and WSGIRestrictEmbedded forbids embedded mode",
	Why: "Each request to the application is answered with 500, and the error log says WSGI0143: nothing sends it to a " +
		"daemon process group, and embedded mode is forbidden.",
	Remedy: "Name a daemon process group in process-group= on the alias or in WSGIProcessGroup.",
	Link:   modesGuide,
	Bad: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkEmbeddedRefused,
}

func checkEmbeddedRefused(p *Pass) {
	fixer := daemonFixer{p.facts}
	for _, a := range p.Applications {
		if !a.IsEmbeddedRefused() {
			continue
		}
		message := fmt.Sprintf("%s gets 500: it has no process group, and embedded mode is forbidden", a.Name())
		if p.RestrictEmbedded != nil {
			message += " (" + at(p.RestrictEmbedded, a.Via) + ")"
		}
		p.Report(a.Via, Finding{Message: message, Fix: fixer.fix(a), Help: fixer.help(a)})
	}
}
