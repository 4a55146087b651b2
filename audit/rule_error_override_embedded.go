package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/wsgi"
)

var errorOverrideEmbedded = &Rule{
	ID: "WC178", Name: "error-override-embedded", Severity: Info, Category: CategoryMode, Since: unreleased,
	Summary: "WSGIErrorOverride is on for an embedded application",
	Why:     "It acts on responses that come from a daemon. The error pages of an embedded application stay its own.",
	Remedy:  "Run the application in a daemon process group, or remove the directive.",
	Link:    directives + "WSGIErrorOverride.html",
	Bad: `
WSGIErrorOverride On
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIErrorOverride On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkErrorOverrideEmbedded,
}

func checkErrorOverrideEmbedded(p *Pass) {
	for _, a := range p.Applications {
		if a.Mode != wsgi.Embedded {
			continue
		}
		if d := a.InEffect("WSGIErrorOverride"); d.IsOn() {
			p.Report(d, Finding{Message: fmt.Sprintf("it has no effect on %s, which runs embedded", a.Name())})
		}
	}
}
