package audit

import "strings"

var destroyInterpreterOff = &Rule{
	ID: "WC194", Name: "destroy-interpreter-off", Severity: Info, Category: CategoryMode, Since: unreleased,
	Summary: "Python is not shut down when a process ends",
	Why: "Whatever applications register with atexit is skipped: buffers are not written, connections not closed, " +
		"metrics not sent.",
	Remedy: "Remove WSGIDestroyInterpreter Off, unless an extension that crashes at exit needs it.",
	Link:   directives + "WSGIDestroyInterpreter.html",
	Bad: `
WSGIDestroyInterpreter Off
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkDestroyInterpreterOff,
}

func checkDestroyInterpreterOff(p *Pass) {
	for d := range p.All("WSGIDestroyInterpreter") {
		if strings.EqualFold(d.Word(0), "Off") {
			p.Report(d, Finding{Message: "functions registered with atexit are not called"})
		}
	}
}
