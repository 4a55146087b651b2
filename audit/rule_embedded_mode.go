package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/wsgi"
)

var embeddedMode = &Rule{
	ID: "WC101", Name: "embedded-mode", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "an application runs embedded, in Apache's own processes",
	Why: "The application shares the processes of Apache: it runs as Apache's user, no timeout or restart of mod_wsgi " +
		"applies to it, all applications have one Python home, a crash takes other requests with it, and the MPM " +
		"decides how many copies of it are in memory.",
	Remedy: "Declare a WSGIDaemonProcess, name it in process-group= on the alias or in WSGIProcessGroup, and add " +
		"WSGIRestrictEmbedded On.",
	Link: modesGuide,
	Bad: `
WSGIRestrictEmbedded Off
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkEmbeddedMode,
}

func checkEmbeddedMode(p *Pass) {
	fixer := daemonFixer{p.facts}
	for _, a := range p.Applications {
		if a.Mode != wsgi.Embedded {
			continue
		}
		f := Finding{Message: fmt.Sprintf("%s runs embedded, in Apache's own processes", a.Name()), Fix: fixer.fix(a), Help: fixer.help(a)}
		if isDecision(a) {
			f.Message += ", as %{GLOBAL} asks for"
			f.Milder = AskedFor
		}
		p.Report(a.Place(), f)
	}
}
