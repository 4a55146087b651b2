package audit

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var restrictEmbeddedMissing = &Rule{
	ID: "WC103", Name: "restrict-embedded-missing", Severity: Warning, Category: CategoryMode, Since: unreleased, InAllRenderings: true,
	Summary: "all applications run in daemons, and nothing forbids embedded mode",
	Why: "Without WSGIRestrictEmbedded On each of Apache's own processes starts Python, which costs memory for nothing, " +
		"and an application whose process group gets lost one day runs embedded without a message.",
	Remedy: "Write WSGIRestrictEmbedded On outside any virtual host.",
	Link:   restrictPage,
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkRestrictEmbeddedMissing,
}

func checkRestrictEmbeddedMissing(p *Pass) {
	on := p.RestrictEmbedded
	if p.IsRestricted() || on != nil && conf.HasMark(on.Args) || !p.AllDaemon() {
		return
	}
	if on != nil {
		f := Finding{Message: "embedded mode is allowed, although no application uses it", Help: "Write On."}
		if isEditable(on) && !p.hasShadowed() {
			f.Fix = p.fixOf(p.isAllKnown(), "write WSGIRestrictEmbedded On", replaceDirective(on, "WSGIRestrictEmbedded On"))
		}
		p.Report(on, f)
		return
	}
	if len(p.Daemons) == 0 {
		return // told where the groups are declared
	}
	first := p.Daemons[0].Directive
	f := Finding{Message: "WSGIRestrictEmbedded On is missing, although all applications run in daemons", Unless: OtherFileHas}
	if place := outermost(first); isEditable(place) && !p.hasShadowed() {
		f.Fix = p.fixOf(p.isAllKnown(), "add WSGIRestrictEmbedded On", insertBefore(place, "WSGIRestrictEmbedded On"))
	}
	p.Report(first, f)
}

// hasShadowed tells whether an alias never answers: its application may need
// embedded mode as soon as it does, which its own fix brings about.
func (p *Pass) hasShadowed() bool {
	for _, s := range p.Servers {
		for alias, above := range s.Shadowed() {
			if alias.URLPath != above.URLPath || alias.Target != above.Target {
				return true
			}
		}
	}
	return false
}

// isAllKnown tells whether nothing but what was read can need Python in Apache's
// own processes: no other file, no .htaccess file with a handler or an access
// script, and no handler that each request decides on.
func (p *Pass) isAllKnown() bool {
	return p.isWhole() && !p.mayOverride("limit", "indexes", "options") && !p.hasHandlerOfRequest("SetHandler") && !p.hasHandlerOfRequest("RewriteRule")
}

// hasHandlerOfRequest tells whether a directive of that name has variables in its
// handler that may make it one of mod_wsgi.
func (p *Pass) hasHandlerOfRequest(name string) bool {
	for d := range p.All(name) {
		if handler, _ := wsgi.HandlerOf(d); p.MayBecomeHandler(handler) {
			return true
		}
	}
	return false
}
