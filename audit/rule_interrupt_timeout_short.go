package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/modwsgi"
)

var interruptTimeoutShort = &Rule{
	ID: "WC130", Name: "interrupt-timeout-short", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "interrupt-timeout is too short to be of use, or never starts",
	Why: "It is the time that a stuck request gets to clean up after an exception was raised in it. Within a few seconds " +
		"a rollback or a finally block may not end; and without request-timeout no request ever counts as stuck.",
	Remedy:   "Set interrupt-timeout to 10 or more, beside a request-timeout; or leave it out.",
	Link:     daemonPage,
	Releases: modwsgi.Span{Since: modwsgi.MustParseRelease("6.0.0")},
	Bad: `
WSGIDaemonProcess shop request-timeout=60 interrupt-timeout=2
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop request-timeout=60 interrupt-timeout=15
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkInterruptTimeoutShort,
}

func checkInterruptTimeoutShort(p *Pass) {
	for _, group := range p.Daemons {
		interrupt, _ := group.Number("interrupt-timeout")
		request, _ := group.Number("request-timeout")
		switch {
		case interrupt <= 0:
		case request == 0:
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("interrupt-timeout never starts in the daemon process group %s: it has no request-timeout", group.Name), Option: "interrupt-timeout",
			})
		case interrupt < 10:
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("a stuck request of the daemon process group %s gets %d seconds to clean up", group.Name, interrupt), Option: "interrupt-timeout",
			})
		}
	}
}
