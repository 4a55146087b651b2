package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
)

var reloadOffQueueZero = &Rule{
	ID: "WC138", Name: "reload-off-queue-zero", Severity: Error, Category: CategoryUpgrade, Since: unreleased,
	Summary: "this release may cut request bodies short",
	Why: "In mod_wsgi 6.0.0 to 6.0.4 a daemon with WSGIScriptReloading Off and without queue-timeout may hand the " +
		"application only a part of a request's body.",
	Remedy:   "Upgrade to 6.0.5, or set queue-timeout=45.",
	Link:     "https://modwsgi.readthedocs.io/en/latest/release-notes.html",
	Releases: modwsgi.Span{Since: modwsgi.MustParseRelease("6.0.0"), Removed: modwsgi.MustParseRelease("6.0.5")},
	Bad: `
WSGIScriptReloading Off
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIScriptReloading Off
WSGIDaemonProcess shop queue-timeout=45
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkReloadOffQueueZero,
}

func checkReloadOffQueueZero(p *Pass) {
	if p.Release.IsZero() {
		return
	}
	for _, a := range p.Applications {
		if a.Daemon == nil || firstAboveZero(a.Daemon, "queue-timeout") != "" {
			continue
		}
		if d := a.InEffect("WSGIScriptReloading"); d != nil && strings.EqualFold(d.Word(0), "Off") {
			p.Report(d, Finding{Message: fmt.Sprintf("WSGIScriptReloading is off for %s, and its daemon process group %s has no queue-timeout", a.Name(), a.Daemon.Name)})
		}
	}
}
