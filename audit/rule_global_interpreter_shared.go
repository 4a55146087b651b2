package audit

import (
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/wsgi"
)

var globalInterpreterShared = &Rule{
	ID: "WC116", Name: "global-interpreter-shared", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "two applications share one Python interpreter",
	Why: "Modules, os.environ and settings are one for both: the second application gets the first one's " +
		"DJANGO_SETTINGS_MODULE, and of two modules of one name only the first is ever imported.",
	Remedy: "Give each application a daemon process group of its own.",
	Link:   appGuide,
	Bad: `
WSGIDaemonProcess both
WSGIScriptAlias /shop /srv/shop/app.wsgi process-group=both application-group=%{GLOBAL}
WSGIScriptAlias /blog /srv/blog/app.wsgi process-group=both application-group=%{GLOBAL}`,
	Good: `
WSGIDaemonProcess shop
WSGIDaemonProcess blog
WSGIScriptAlias /shop /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}
WSGIScriptAlias /blog /srv/blog/app.wsgi process-group=blog application-group=%{GLOBAL}`,
	Check: checkGlobalInterpreterShared,
}

// interpreter is one Python interpreter of one kind of process.
type interpreter struct {
	group *wsgi.Daemon // nil for Apache's own processes
	name  string
}

func checkGlobalInterpreterShared(p *Pass) {
	if p.IsServerRoot() {
		return // its scripts serve the files of one application
	}
	first := make(map[interpreter]*wsgi.Application, len(p.Applications))
	for _, a := range p.Applications {
		if a.Mode != wsgi.DaemonMode && a.Mode != wsgi.Embedded || strings.HasPrefix(a.ApplicationGroup, "%") || strings.Contains(a.Script, "*") {
			continue
		}
		where := interpreter{a.Daemon, a.ApplicationGroup}
		other := first[where]
		switch {
		case other == nil:
			first[where] = a
		case path.Clean(other.Script) != path.Clean(a.Script):
			p.Report(a.Via, Finding{Message: fmt.Sprintf("%s shares its Python interpreter with %s", a.Name(), other.Name())})
		}
	}
}
