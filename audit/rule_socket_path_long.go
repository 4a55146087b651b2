package audit

import (
	"fmt"
	"path"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var socketPathLong = &Rule{
	ID: "WC181", Name: "socket-path-long", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "the paths of daemon sockets are longer than the system takes",
	Why: "A socket's path has room for 107 bytes on Linux, and fewer elsewhere. mod_wsgi cuts the rest off (WSGI0064), " +
		"sockets get one name, and the daemons do not start.",
	Remedy: "Use a short path: WSGISocketPrefix /run/wsgi.",
	Link:   directives + "WSGISocketPrefix.html",
	Bad: `
WSGISocketPrefix /srv/customers/0000000001/environments/production/applications/shop/releases/current/run/sockets/wsgi
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGISocketPrefix /run/shop/wsgi
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkSocketPathLong,
}

// A socket's name is the prefix, then process id, generation and number:
// ".1234567.0.1.sock" (wsgi_start_daemons).
const (
	longestSocketPath = 107
	socketSuffix      = len(".1234567.0.1.sock")
)

func checkSocketPathLong(p *Pass) {
	for d := range p.All("WSGISocketPrefix") {
		name := d.Word(0)
		if !path.IsAbs(name) && path.IsAbs(p.Config.ServerRoot) && p.Config.Complete {
			name = path.Join(p.Config.ServerRoot, name)
		}
		if conf.HasMark(name) {
			continue
		}
		if length := len(name) + socketSuffix; length > longestSocketPath {
			p.Report(d, Finding{Message: fmt.Sprintf("the paths of the sockets have about %d bytes", length)})
		}
	}
}
