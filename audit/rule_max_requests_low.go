package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/plural"
)

var maxRequestsLow = &Rule{
	ID: "WC128", Name: "max-requests-low", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "daemon processes are replaced all the time",
	Why: "Each new process loads the application again, and visitors wait for it. maximum-requests does so the more often " +
		"the busier the site is, when it can least afford it.",
	Remedy: "Find the leak; until then use restart-interval=86400, or thousands of requests.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop maximum-requests=100
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop maximum-requests=10000
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkMaxRequestsLow,
}

func checkMaxRequestsLow(p *Pass) {
	for _, group := range p.Daemons {
		if n, _ := group.Number("maximum-requests"); n > 0 && n < 1000 {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("each process of the daemon process group %s is replaced after %s", group.Name, plural.Count(n, "request")), Option: "maximum-requests",
			})
		}
		if n, _ := group.Number("restart-interval"); n > 0 && n < 300 {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("each process of the daemon process group %s is replaced after %s", group.Name, plural.Count(n, "second")), Option: "restart-interval",
			})
		}
	}
}
