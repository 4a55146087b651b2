package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var eggsOrLegacy = &Rule{
	ID: "WC152", Name: "eggs-or-legacy", Severity: Info, Category: CategoryStyle, Since: unreleased,
	Summary: "a setting for eggs, or one that takes docstrings away",
	Why: "Nobody ships zipped eggs any more, so that their folder does nothing. WSGIPythonOptimize 2 takes docstrings " +
		"away, which some frameworks and command-line libraries need.",
	Remedy: "Remove it.",
	Link:   directives + "WSGIPythonEggs.html",
	Bad: `
WSGIDaemonProcess shop python-eggs=/var/cache/eggs
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkEggsOrLegacy,
}

func checkEggsOrLegacy(p *Pass) {
	for _, group := range p.Daemons {
		folder, ok := group.Options.Get("python-eggs")
		if !ok || conf.IsBelow(folder, p.Config.ServerRoot) {
			continue // a server root of its own, such as that of mod_wsgi-express, has it all
		}
		f := Finding{Message: fmt.Sprintf("the daemon process group %s has a folder for eggs", group.Name), Option: "python-eggs"}
		if edits, ok := removeOption(group.Directive, "python-eggs"); ok {
			f.Fix = p.fixOf(false, "leave python-eggs= out", edits...)
		}
		p.Report(group.Directive, f)
	}
	for d := range p.All("WSGIPythonEggs") {
		if conf.IsBelow(d.Word(0), p.Config.ServerRoot) {
			continue
		}
		p.Report(d, Finding{Message: "this is a folder for eggs"})
	}
	for d := range p.All("WSGIPythonOptimize") {
		if d.Word(0) == "2" {
			p.Report(d, Finding{Message: "Python drops all docstrings"})
		}
	}
}
