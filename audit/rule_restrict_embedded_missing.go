package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

var restrictEmbeddedMissing = &Rule{
	ID: "WC103", Name: "restrict-embedded-missing", Severity: Warning,
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
	if p.together.restricted || on != nil && httpdconf.HasMark(on.Args) || !p.allDaemon() {
		return
	}
	if on != nil {
		p.Report(on, Finding{
			Message: "embedded mode is allowed, although no application uses it", Help: "Write On.",
			Fix: p.fixOf(p.isAllKnown(), "write WSGIRestrictEmbedded On", replaceDirective(on, "WSGIRestrictEmbedded On")),
		})
		return
	}
	if len(p.Daemons) == 0 {
		return // told where the groups are declared
	}
	first := p.Daemons[0].Directive
	message := "WSGIRestrictEmbedded On is missing, although all applications run in daemons"
	if !p.Config.Complete {
		message += ", unless another file has it"
	}
	p.Report(first, Finding{
		Message: message,
		Fix:     p.fixOf(p.isAllKnown(), "add WSGIRestrictEmbedded On", insertBefore(outermost(first), "WSGIRestrictEmbedded On")),
	})
}

// isAllKnown tells whether nothing but what was read can need Python in Apache's
// own processes: no other file, and no .htaccess file with a handler or an
// access script.
func (v *View) isAllKnown() bool {
	for d := range v.All("AllowOverride", "AllowOverrideList") {
		for _, word := range d.Words() {
			class, _, _ := strings.Cut(strings.ToLower(word), "=")
			if class != "none" && class != "nonfatal" && class != "limit" && class != "indexes" && class != "options" {
				return false
			}
		}
	}
	return v.Config.Complete && len(v.Config.Unread) == 0
}
