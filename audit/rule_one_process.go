package audit

import "fmt"

var oneProcess = &Rule{
	ID: "WC231", Name: "one-process", Severity: Info, Category: CategoryDeploy, Since: unreleased,
	OffByDefault: true, // one process is right for many an application
	Summary:      "all requests of an application wait while its only process is replaced",
	Why: "A group without processes= has one process. Whenever that is replaced, by new code, a limit or a crash, every " +
		"request waits until the new one has loaded the application, and \"wsgictl restart\" has no process left to serve meanwhile.",
	Remedy: "Give the group processes=2 or more, if the application can run in several processes: it must keep nothing in memory that requests share.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop threads=5
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Good: `
WSGIDaemonProcess shop threads=5 processes=2
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Check: checkOneProcess,
}

func checkOneProcess(p *Pass) {
	for _, group := range p.Daemons {
		n, given := group.Number("processes")
		if given && n != 1 || group.IsService() {
			continue
		}
		f := Finding{Message: fmt.Sprintf("the group %s has one process: while it is replaced all of its requests wait", group.Name)}
		if given {
			f.Option = "processes" // which somebody wrote on purpose
		} else {
			f.Fix = p.fixByText(false, "add processes=2", group.Directive, "processes=2")
		}
		p.Report(group.Directive, f)
	}
}
