package audit

import "strings"

var restrictSignalOff = &Rule{
	ID: "WC183", Name: "restrict-signal-off", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "applications may replace the signal handlers of their process",
	Why: "Apache and the daemons stop and restart by signals. A library that sets handlers of its own keeps the process " +
		"from ending, or ends it in the middle of requests.",
	Remedy: "Remove WSGIRestrictSignal Off; in mod_wsgi 6 it can be limited to one application by <WSGIInterpreterOptions>.",
	Link:   directives + "WSGIRestrictSignal.html",
	Bad: `
WSGIRestrictSignal Off
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkRestrictSignalOff,
}

func checkRestrictSignalOff(p *Pass) {
	for d := range p.All("WSGIRestrictSignal") {
		if d.Parent != nil || !strings.EqualFold(d.Word(0), "Off") {
			continue // limited to some interpreters on purpose
		}
		f := Finding{Message: "all applications may set signal handlers"}
		if isEditable(d) {
			f.Fix = p.fixOf(false, "remove the directive", removeDirective(d))
		}
		p.Report(d, f)
	}
}
