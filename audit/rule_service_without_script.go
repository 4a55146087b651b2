package audit

import "fmt"

var serviceWithoutScript = &Rule{
	ID: "WC124", Name: "service-without-script", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "a group without request threads has no script, or is to serve requests",
	Why: "threads=0 is for a group that runs what WSGIImportScript loads and nothing else. Without such a script it " +
		"idles; a request that is sent to it waits until Apache gives up.",
	Remedy: "Import a script into it with WSGIImportScript, or give it threads.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop threads=0
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess tasks threads=0
WSGIImportScript /srv/shop/tasks.py process-group=tasks application-group=%{GLOBAL}`,
	Check: checkServiceWithoutScript,
}

func checkServiceWithoutScript(p *Pass) {
	for _, group := range p.Daemons {
		if !group.IsService() {
			continue
		}
		if served := p.RunningIn(group); len(served) > 0 {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("the daemon process group %s has no threads for the requests to %s", group.Name, served[0].Name()), Option: "threads",
			})
		} else if !p.IsUsed(group) && p.Config.Complete {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("no WSGIImportScript loads a script into the daemon process group %s", group.Name), Option: "threads", Milder: ServesNone,
			})
		}
	}
}
