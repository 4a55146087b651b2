package audit

import "fmt"

var envGroupUnrestricted = &Rule{
	ID: "WC114", Name: "env-group-unrestricted", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "the request chooses the process group, and no list says which ones it may",
	Why: "Whatever can set the variable, a rewrite rule or SetEnv in a .htaccess file, can send requests to any group of " +
		"the server: to the processes, and so the data, of another application.",
	Remedy: "List the groups that it may choose in WSGIRestrictProcess, in the same place.",
	Link:   directives + "WSGIRestrictProcess.html",
	Bad: `
WSGIDaemonProcess blue
WSGIDaemonProcess green
SetEnv POOL blue
WSGIScriptAlias / /srv/shop/app.wsgi process-group=%{ENV:POOL}`,
	Good: `
WSGIDaemonProcess blue
WSGIDaemonProcess green
SetEnv POOL blue
WSGIRestrictProcess blue green
WSGIScriptAlias / /srv/shop/app.wsgi process-group=%{ENV:POOL}`,
	Check: checkEnvGroupUnrestricted,
}

func checkEnvGroupUnrestricted(p *Pass) {
	for _, a := range p.Applications {
		variable, ok := a.GroupVariable()
		if !ok || a.MayHave("WSGIRestrictProcess") {
			continue
		}
		p.Report(a.DecidedBy, Finding{
			Message: fmt.Sprintf("%s may choose any process group for %s", variable, a.Name()), Option: "process-group",
		})
	}
}
