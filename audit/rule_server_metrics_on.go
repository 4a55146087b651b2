package audit

import (
	"fmt"
	"strings"
)

var serverMetricsOn = &Rule{
	ID: "WC187", Name: "server-metrics-on", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "an application sees the requests of the whole server",
	Why: "Apache's scoreboard holds the URLs, with their queries, and the addresses of the clients of all virtual hosts. " +
		"server-metrics hands it to each application of the group.",
	Remedy: "Leave it off, except for a group that has nothing but the monitoring in it.",
	Link:   directives + "WSGIServerMetrics.html",
	Bad: `
WSGIDaemonProcess shop server-metrics=On
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkServerMetricsOn,
}

func checkServerMetricsOn(p *Pass) {
	for _, group := range p.Daemons {
		if value, _ := group.Options.Get("server-metrics"); strings.EqualFold(value, "On") {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("applications of the daemon process group %s see the requests of all virtual hosts", group.Name), Option: "server-metrics",
			})
		}
	}
	for d := range p.All("WSGIServerMetrics") {
		if d.IsOn() && !p.AllDaemon() {
			p.Report(d, Finding{Message: "embedded applications see the requests of all virtual hosts"})
		}
	}
}
