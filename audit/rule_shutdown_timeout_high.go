package audit

import "fmt"

var shutdownTimeoutHigh = &Rule{
	ID: "WC133", Name: "shutdown-timeout-high", Severity: Info, Category: CategoryTimeouts, Since: unreleased,
	Summary: "a process that hangs may take long to end",
	Why: "A stuck process is killed only after shutdown-timeout, and another takes its place only then. When Apache " +
		"itself stops it kills all processes after a few seconds, whatever is set here.",
	Remedy: "Leave shutdown-timeout at 5, and give requests their time with graceful-timeout.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop shutdown-timeout=300
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop shutdown-timeout=5 graceful-timeout=30
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkShutdownTimeoutHigh,
}

func checkShutdownTimeoutHigh(p *Pass) {
	for _, group := range p.Daemons {
		if n, _ := group.Number("shutdown-timeout"); n > 30 {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("a process of the daemon process group %s that hangs is killed after %d seconds", group.Name, n), Option: "shutdown-timeout",
			})
		}
	}
}
