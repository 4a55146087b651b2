package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/wsgi"
)

var daemonDefinedNotUsed = &Rule{
	ID: "WC102", Name: "daemon-defined-not-used", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "a daemon process group is declared and nothing runs in it",
	Why: "WSGIDaemonProcess alone moves no application: its processes idle, and the application for which it was " +
		"written runs embedded all the same, without a message anywhere.",
	Remedy: "Name the group in process-group= on the alias, or in WSGIProcessGroup where it applies to the script; or remove it.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi
<Directory /srv/static>
WSGIProcessGroup shop
</Directory>`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkDaemonDefinedNotUsed,
}

func checkDaemonDefinedNotUsed(p *Pass) {
	if len(p.Applications) == 0 && !p.Config.Complete {
		return // the applications are in another part of the configuration
	}
	for _, group := range p.Daemons {
		if group.Name == "" || p.IsUsed(group) {
			continue
		}
		f := Finding{Message: fmt.Sprintf("nothing runs in the daemon process group %s", group.Name)}
		if embedded := p.firstEmbedded(group); embedded != nil {
			f.Message += fmt.Sprintf(", and %s runs embedded", embedded.Name())
		} else {
			f.Milder = ServesNone
		}
		p.Report(group.Directive, f)
	}
}

// firstEmbedded is the first embedded application that could run in a group.
func (p *Pass) firstEmbedded(group *wsgi.Daemon) *wsgi.Application {
	for _, a := range p.Applications {
		if a.Mode == wsgi.Embedded && group.ServesFrom(a.Server) {
			return a
		}
	}
	return nil
}
