package audit

import "fmt"

var processesOne = &Rule{
	ID: "WC122", Name: "processes-one", Severity: Info, Category: CategoryStyle, Since: unreleased,
	Summary: "processes=1 is written out",
	Why: "One process is the default, but writing it sets wsgi.multiprocess to True: debuggers and whatever else wants " +
		"to be the only process then refuse to run.",
	Remedy: "Leave processes= out, unless other hosts serve the same application and wsgi.multiprocess is to say so.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop processes=1 threads=5
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop threads=5
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkProcessesOne,
}

func checkProcessesOne(p *Pass) {
	for _, group := range p.Daemons {
		if n, ok := group.Number("processes"); !ok || n != 1 {
			continue
		}
		f := Finding{Message: fmt.Sprintf("the daemon process group %s has one process, and tells the application of several (wsgi.multiprocess)", group.Name), Option: "processes"}
		if edits, ok := removeOption(group.Directive, "processes"); ok {
			f.Fix = p.fixOf(false, "leave processes=1 out", edits...)
		}
		p.Report(group.Directive, f)
	}
}
