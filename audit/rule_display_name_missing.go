package audit

import "fmt"

var displayNameMissing = &Rule{
	ID: "WC151", Name: "display-name-missing", Severity: Info, Category: CategoryStyle, Since: unreleased,
	Summary: "the processes of a daemon process group look like Apache's own",
	Why: "Without display-name ps and top show each daemon process under the command line of Apache. Which of them is of " +
		"which application, and which one eats the memory, is then seen by the process ids of the error log alone; " +
		"\"wsgictl audit --live\" cannot tell the groups apart either.",
	Remedy: "Add display-name=%{GROUP}: ps then shows (wsgi:NAME).",
	Link:   directives + "WSGIDaemonProcess.html",
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop display-name=%{GROUP}
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkDisplayNameMissing,
}

func checkDisplayNameMissing(p *Pass) {
	for _, group := range p.Daemons {
		if group.Options.Has("display-name") {
			continue
		}
		f := Finding{Message: fmt.Sprintf("ps does not tell the processes of the group %s from Apache's own", group.Name)}
		f.Fix = p.fixByText(true, "add display-name=%{GROUP}", group.Directive, "display-name=%{GROUP}")
		p.Report(group.Directive, f)
	}
}
