package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

var restrictEmbeddedToggle = &Rule{
	ID: "WC205", Name: "restrict-embedded-toggle", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "WSGIRestrictEmbedded is switched on and off again",
	Why: "The last one counts, so that embedded mode is allowed. Before mod_wsgi 6.0.2 the first one has kept Python from " +
		"starting all the same: a request to an embedded application crashes the process.",
	Remedy: "Keep one of them: On.",
	Link:   restrictPage,
	Bad: `
WSGIRestrictEmbedded On
WSGIRestrictEmbedded Off
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkRestrictEmbeddedToggle,
}

// toggleFixed is the first release in which the last WSGIRestrictEmbedded
// alone counts.
var toggleFixed = modwsgi.MustParseRelease("6.0.2")

func checkRestrictEmbeddedToggle(p *Pass) {
	var on latest
	for d := range p.All("WSGIRestrictEmbedded") {
		switch {
		case d.IsOn():
			p.addLatest(&on, d)
		case strings.EqualFold(d.Word(0), "Off"):
			if last := on.with(d); last != nil {
				p.reportToggle(d, last)
			}
		}
	}
}

func (p *Pass) reportToggle(off, on *conf.Directive) {
	f := Finding{Message: fmt.Sprintf("it takes back the one in %s", placeOf(on, off)), Needs: []*conf.Directive{on}}
	if p.isSince(toggleFixed) {
		f.Milder = OfNewRelease
	}
	p.Report(off, f)
}
