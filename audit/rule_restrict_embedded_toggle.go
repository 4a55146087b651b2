package audit

import (
	"fmt"
	"slices"
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
	var on []*conf.Directive // so far, the last first
	for d := range p.All("WSGIRestrictEmbedded") {
		switch {
		case d.IsOn():
			on = slices.Insert(on, 0, d)
		case strings.EqualFold(d.Word(0), "Off"):
			p.reportToggle(d, on)
		}
	}
}

// reportToggle reports an Off below those that are On: the first of these that is in
// effect with it is told of.
func (p *Pass) reportToggle(off *conf.Directive, on []*conf.Directive) {
	for _, d := range on {
		f := Finding{Message: fmt.Sprintf("it takes back the one in %s", placeOf(d, off)), Needs: []*conf.Directive{d}}
		if p.isSince(toggleFixed) {
			f.Milder = OfNewRelease
		}
		p.Report(off, f)
	}
}
