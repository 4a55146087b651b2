package audit

import (
	"cmp"
	"fmt"
)

var removedDaemonOption = &Rule{
	ID: "WC200", Name: "removed-daemon-option", Severity: Error, Category: CategoryUpgrade, Since: unreleased,
	StopsStart: true,
	Summary:    "mod_wsgi does not know an option",
	Why:        "Apache does not start: \"Invalid option to WSGI daemon process definition.\" or its like, without the name of the option.",
	Remedy:     "Correct or delete the option.",
	Link:       daemonPage,
	Bad: `
WSGIDaemonProcess shop newrelic-environment=production
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkRemovedDaemonOption,
}

func checkRemovedDaemonOption(p *Pass) {
	for _, n := range p.nameProblems() {
		if n.option == "" || n.isNewer() {
			continue
		}
		f := Finding{Message: fmt.Sprintf("Apache does not start: %v", n.NameError), Option: n.option}
		if name := cmp.Or(n.Renamed, n.Nearest); name != "" {
			f.Help = "Write " + name + "=."
			f.Fix = p.renameOption(n, name)
		} else if edits, ok := removeOption(n.Directive, n.option); ok {
			f.Fix = p.fixOf(false, "delete the option", edits...)
		}
		p.Report(n.Directive, f)
	}
}
