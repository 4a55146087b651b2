package audit

import (
	"fmt"
	"strings"
)

var reqtimeoutMissing = &Rule{
	ID: "WC141", Name: "reqtimeout-missing", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "a client may take any time to send its request",
	Why: "A client that sends one byte a minute holds a connection, and for the body a thread of the application too. " +
		"A few hundred of them from one laptop stop the site.",
	Remedy: "Write RequestReadTimeout header=15-30,MinRate=500 body=15,MinRate=500.",
	Link:   "https://httpd.apache.org/docs/2.4/mod/mod_reqtimeout.html",
	Bad: `
RequestReadTimeout header=0 body=0
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
RequestReadTimeout header=15-30,MinRate=500 body=15,MinRate=500
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkReqtimeoutMissing,
}

func checkReqtimeoutMissing(p *Pass) {
	for d := range p.All("RequestReadTimeout") {
		if !p.hosts() {
			return
		}
		for _, word := range d.Words() {
			part, value, _ := strings.Cut(strings.ToLower(word), "=")
			if (part == "header" || part == "body") && value == "0" {
				p.Report(d, Finding{Message: fmt.Sprintf("there is no limit for the %s of a request", part)})
			}
		}
	}
}
