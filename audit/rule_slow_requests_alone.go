package audit

import "github.com/wsgictl/wsgictl/modwsgi"

var slowRequestsAlone = &Rule{
	ID: "WC189", Name: "slow-requests-alone", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary:  "slow requests are reported to nobody",
	Why:      "WSGISlowRequests adds to what WSGITelemetryService sends, and there is none: nothing is reported or logged.",
	Remedy:   "Add WSGITelemetryService, or remove WSGISlowRequests.",
	Link:     directives + "WSGISlowRequests.html",
	Releases: modwsgi.Span{Since: modwsgi.MustParseRelease("6.0.0")},
	Bad: `
WSGISlowRequests 5
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGISlowRequests 5
WSGITelemetryService unix:/run/wsgictl/telemetry.sock
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkSlowRequestsAlone,
}

func checkSlowRequestsAlone(p *Pass) {
	for range p.All("WSGITelemetryService") {
		return
	}
	for d := range p.All("WSGISlowRequests") {
		p.Report(d, Finding{Message: "there is no WSGITelemetryService to report slow requests to"})
	}
}
