package audit

import "fmt"

var removedDirective = &Rule{
	ID: "WC199", Name: "removed-directive", Severity: Error, Category: CategoryUpgrade, Since: unreleased,
	StopsStart: true,
	Summary:    "mod_wsgi does not know a directive any more",
	Why:        "Apache does not start: \"Invalid command\". It shows after an upgrade, when the old processes are gone already.",
	Remedy:     "Delete the directive before the upgrade; the options of WSGIDaemonProcess and Apache's LogLevel do what the removed ones did.",
	Link:       "https://modwsgi.readthedocs.io/en/latest/release-notes.html",
	Bad: `
WSGILazyInitialization On
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkRemovedDirective,
}

// withoutEffect are removed directives that changed nothing where daemons are
// used, or never but for Python 2.
var withoutEffect = map[string]bool{"WSGILazyInitialization": true, "WSGIPy3kWarningFlag": true}

func checkRemovedDirective(p *Pass) {
	for _, n := range p.nameProblems() {
		if n.option != "" || n.isNewer() {
			continue
		}
		f := Finding{Message: fmt.Sprintf("Apache does not start: %v", n.NameError)}
		if n.Span.Since.IsZero() {
			f.Help = "Correct the name: no release of mod_wsgi has this directive."
		}
		if isEditable(n.Directive) && !n.Span.Since.IsZero() {
			f.Fix = p.fixOf(withoutEffect[n.Directive.Name], "delete the directive", removeDirective(n.Directive))
		}
		p.Report(n.Directive, f)
	}
}
