package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var restrictProcessMismatch = &Rule{
	ID: "WC115", Name: "restrict-process-mismatch", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "an application is sent to a process group that WSGIRestrictProcess does not list",
	Why: "Each request is answered with 500 (WSGI0149). The innermost WSGIRestrictProcess is the only one that counts: " +
		"one in a section hides that of the virtual host. Embedded mode is called %{GLOBAL} in the list.",
	Remedy: "Add the group to the list, or send the application to one of the list.",
	Link:   directives + "WSGIRestrictProcess.html",
	Bad: `
WSGIDaemonProcess shop
WSGIRestrictProcess blog
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop
WSGIRestrictProcess blog shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkRestrictProcessMismatch,
}

func checkRestrictProcessMismatch(p *Pass) {
	told := map[*conf.Directive]bool{} // a list is wrong once, however many applications it refuses
	for _, a := range p.Applications {
		if a.Error != wsgi.CodeGroupRestricted || told[a.DecidedBy] {
			continue
		}
		told[a.DecidedBy] = true
		if a.ProcessGroup == "" {
			p.Report(a.DecidedBy, Finding{Message: fmt.Sprintf(
				"%s has no process group, and embedded mode is not among those listed: requests get 500 (%s)", a.Name(), a.Error)})
			continue
		}
		f := Finding{Message: fmt.Sprintf("the process group %s of %s is not among those listed: requests get 500 (%s)", a.ProcessGroup, a.Name(), a.Error)}
		if name, err := conf.Argument(a.ProcessGroup); err == nil {
			f.Fix = p.fixByText(false, "list "+a.ProcessGroup, a.DecidedBy, name)
		}
		p.Report(a.DecidedBy, f)
	}
}
