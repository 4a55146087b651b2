package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/modwsgi"
)

var tooNewDirective = &Rule{
	ID: "WC201", Name: "too-new-directive", Severity: Error, Category: CategoryUpgrade, Since: unreleased,
	StopsStart: true,
	Summary:    "a directive or option is newer than mod_wsgi",
	Why:        "Apache does not start: the mod_wsgi that it loads does not know the name yet.",
	Remedy:     "Upgrade mod_wsgi, or leave the directive or option out. <IfVersion> does not help: it tells Apache's version.",
	Link:       "https://modwsgi.readthedocs.io/en/latest/release-notes.html",
	Releases:   modwsgi.Span{Removed: modwsgi.Newest},
	Bad: `
WSGIDaemonProcess shop interrupt-timeout=30
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkTooNewDirective,
}

func checkTooNewDirective(p *Pass) {
	for _, n := range p.nameProblems() {
		if !n.isNewer() {
			continue
		}
		f := Finding{Message: fmt.Sprintf("Apache does not start: %v", n.NameError), Option: n.option}
		if edits, ok := removeOption(n.Directive, n.option); ok && n.option != "" {
			f.Fix = p.fixOf(false, "delete the option", edits...)
		}
		p.Report(n.Directive, f)
	}
}
