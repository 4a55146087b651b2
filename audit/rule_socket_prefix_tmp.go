package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var socketPrefixTmp = &Rule{
	ID: "WC179", Name: "socket-prefix-tmp", Severity: Error, Category: CategorySecurity, Since: unreleased,
	Summary: "a socket lies where everybody may write",
	Why: "Any user of the host can put a socket or link of that name there first, and cleaners of /tmp take the real one " +
		"away. With systemd's PrivateTmp, as most distributions have it, other programs do not even see it.",
	Remedy: "Use a folder that only root may write: WSGISocketPrefix /run/apache2/wsgi, or run/wsgi.",
	Link:   directives + "WSGISocketPrefix.html",
	Bad: `
WSGISocketPrefix /tmp/wsgi
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGISocketPrefix /run/apache2/wsgi
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkSocketPrefixTmp,
}

func checkSocketPrefixTmp(p *Pass) {
	for d := range p.All("WSGISocketPrefix", "WSGITelemetryService") {
		name := strings.TrimPrefix(d.Word(0), "unix:")
		if !conf.IsBelow(name, "/tmp") && !conf.IsBelow(name, "/var/tmp") || conf.IsBelow(name, p.Config.ServerRoot) {
			continue // a server root of its own, such as that of mod_wsgi-express, is closed to others
		}
		p.Report(d, Finding{Message: fmt.Sprintf("%s is where everybody may write", name)})
	}
}
