package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/plural"
)

var inactivityOnBusy = &Rule{
	ID: "WC134", Name: "inactivity-on-busy", Severity: Info, Category: CategoryTimeouts, Since: unreleased,
	Summary: "processes are replaced after a short pause",
	Why: "After each pause the next visitor waits until the application is loaded again. Health checks count as " +
		"requests, so that with them it may never take effect at all.",
	Remedy: "Leave inactivity-timeout out, or set it to an hour, where memory is scarce.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop inactivity-timeout=60
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop inactivity-timeout=3600
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkInactivityOnBusy,
}

func checkInactivityOnBusy(p *Pass) {
	for _, group := range p.Daemons {
		if n, _ := group.Number("inactivity-timeout"); n > 0 && n < 300 {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("a process of the daemon process group %s is replaced after %s without a request", group.Name, plural.Count(n, "second")), Option: "inactivity-timeout",
			})
		}
	}
}
