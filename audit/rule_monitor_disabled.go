package audit

import (
	"fmt"
	"strings"
)

var monitorDisabled = &Rule{
	ID: "WC111", Name: "monitor-disabled", Severity: Error, Category: CategoryTimeouts, Since: unreleased,
	Summary: "deadlock-timeout=0 switches off other timers too",
	Why: "The thread that watches a daemon is started only for deadlock-timeout or inactivity-timeout " +
		"(wsgi_daemon.c; no documentation tells it). With both off, the other timers are accepted and never fire.",
	Remedy: "Leave deadlock-timeout above 0: 60, or a large value where the lock is held for long.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop deadlock-timeout=0 request-timeout=60
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop deadlock-timeout=60 request-timeout=60
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkMonitorDisabled,
}

// watched are the timers that only the monitor thread looks at.
var watched = []string{"request-timeout", "startup-timeout", "restart-interval", "graceful-timeout", "eviction-timeout", "interrupt-timeout"}

func checkMonitorDisabled(p *Pass) {
	for _, group := range p.Daemons {
		deadlock, set := group.Number("deadlock-timeout")
		inactivity, _ := group.Number("inactivity-timeout")
		if !set || deadlock != 0 || inactivity != 0 {
			continue
		}
		var dead []string
		for _, name := range watched {
			if n, _ := group.Number(name); n > 0 {
				dead = append(dead, name)
			}
		}
		if len(dead) == 0 {
			continue
		}
		f := Finding{
			Message: fmt.Sprintf("deadlock-timeout=0 switches off %s of the daemon process group %s", strings.Join(dead, ", "), group.Name),
			Option:  "deadlock-timeout",
		}
		if edit, ok := replaceOption(group.Directive, "deadlock-timeout", "60"); ok {
			f.Fix = p.fixOf(false, "write deadlock-timeout=60", edit)
		}
		p.Report(group.Directive, f)
	}
}
