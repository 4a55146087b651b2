package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/modwsgi"
)

var recycleWithoutGrace = &Rule{
	ID: "WC129", Name: "recycle-without-grace", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "daemon processes are replaced without letting their requests end",
	Why: "Without graceful-timeout a process that has reached its limit ends at once: requests that it is working on are " +
		"cut off after shutdown-timeout. Before mod_wsgi 4.9.0 that was the default.",
	Remedy: "Set graceful-timeout=15.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop restart-interval=86400 graceful-timeout=0
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop restart-interval=86400 graceful-timeout=15
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkRecycleWithoutGrace,
}

// graceByDefault is the first release with a graceful-timeout of 15 by default.
var graceByDefault = modwsgi.MustParseRelease("4.9.0")

func checkRecycleWithoutGrace(p *Pass) {
	for _, group := range p.Daemons {
		limit := firstAboveZero(group, "restart-interval", "maximum-requests", "cpu-time-limit")
		grace, set := group.Number("graceful-timeout")
		isOff := set && grace == 0 || !set && !p.Release.IsZero() && p.Release.Predates(graceByDefault)
		if limit == "" || !isOff {
			continue
		}
		f := Finding{
			Message: fmt.Sprintf("%s cuts off the requests of the daemon process group %s: graceful-timeout is 0", limit, group.Name), Option: limit,
		}
		if edit, ok := replaceOption(group.Directive, "graceful-timeout", "15"); ok {
			f.Fix = p.fixOf(false, "write graceful-timeout=15", edit)
		} else {
			f.Fix = p.fixByText(false, "add graceful-timeout=15", group.Directive, "graceful-timeout=15")
		}
		p.Report(group.Directive, f)
	}
}
