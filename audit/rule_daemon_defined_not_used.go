package audit

import (
	"cmp"
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
	embedded := p.firstEmbedded()
	for _, group := range p.Daemons {
		if group.Name == "" || p.IsUsed(group) {
			continue
		}
		f := Finding{Message: fmt.Sprintf("nothing runs in the daemon process group %s", group.Name)}
		if a := embedded.runnableIn(group); a != nil {
			f.Message += fmt.Sprintf(", and %s runs embedded", a.Name())
		} else {
			f.Milder = ServesNone
			f.Help = fmt.Sprintf("Delete the line where nothing is to run in it; otherwise write process-group=%s on the alias of the script.", group.Name)
		}
		p.Report(group.Directive, f)
	}
}

// firstEmbedded are the first embedded applications that groups could run: one that
// serves all servers, and one that serves those of its ServerName.
type firstEmbedded struct {
	ofAll  *wsgi.Application
	ofHost map[string]*wsgi.Application
}

func (p *Pass) firstEmbedded() firstEmbedded {
	first := firstEmbedded{ofHost: map[string]*wsgi.Application{}}
	for _, a := range p.Applications {
		if a.Mode != wsgi.Embedded {
			continue
		}
		first.ofAll = cmp.Or(first.ofAll, a)
		if first.ofHost[a.Server.Name] == nil {
			first.ofHost[a.Server.Name] = a
		}
	}
	return first
}

// runnableIn is the first that the group could run, or nil.
func (e firstEmbedded) runnableIn(group *wsgi.Daemon) *wsgi.Application {
	if group.Server.IsVirtual() {
		return e.ofHost[group.Server.Name]
	}
	return e.ofAll
}
