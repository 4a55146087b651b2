package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/wsgi"
)

var groupNotAccessible = &Rule{
	ID: "WC105", Name: "process-group-not-accessible", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "an application is sent to a process group of another virtual host",
	Why: "A group that is declared in a virtual host serves that one and those with the very same ServerName. " +
		"Requests from elsewhere are answered with 500 (WSGI0152), although the documentation speaks of an error at start.",
	Remedy: "Declare the group outside all virtual hosts.",
	Link:   issuesGuide,
	Bad: `
<VirtualHost *:80>
ServerName shop.example
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>
<VirtualHost *:80>
ServerName www.shop.example
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>`,
	Good: `
WSGIDaemonProcess shop
<VirtualHost *:80>
ServerName shop.example
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>
<VirtualHost *:80>
ServerName www.shop.example
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>`,
	Check: checkGroupNotAccessible,
}

func checkGroupNotAccessible(p *Pass) {
	for _, a := range p.Applications {
		if a.Error != wsgi.CodeGroupInaccessible {
			continue
		}
		group := p.Daemon(a.ProcessGroup)
		f := Finding{
			Message: fmt.Sprintf("the process group %s belongs to %s: requests to %s get 500 (%s)",
				a.ProcessGroup, group.Server.Name, a.Name(), a.Error),
			Help:   fmt.Sprintf("Move the WSGIDaemonProcess (%s) outside of its virtual host.", at(group.Directive, a.DecidedBy)),
			Option: "process-group",
		}
		if edits, ok := moveAbove(group.Directive, group.Server.Section); ok {
			f.Fix = p.fixOf(false, "move the group outside of the virtual host", edits...)
		}
		p.Report(a.DecidedBy, f)
	}
}
