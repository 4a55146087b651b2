package audit

import (
	"cmp"
	"fmt"

	"github.com/wsgictl/wsgictl/modwsgi"
)

var localeUnset = &Rule{
	ID: "WC110", Name: "locale-unset", Severity: Warning, Category: CategoryLocale, Since: unreleased,
	Summary: "a daemon process group has no locale",
	Why: "Apache is started with the locale C as a rule, and so are its daemons: before mod_wsgi 5 Python then takes ASCII " +
		"for names of files and for text without an encoding, and fails at the first umlaut with UnicodeEncodeError. " +
		"Since then Python takes UTF-8 itself; the C library, and the programs that the application starts, do not.",
	Remedy: "Set lang= and locale= to a UTF-8 locale that the host has, such as C.UTF-8.",
	Link:   appGuide,
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop lang=C.UTF-8 locale=C.UTF-8
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkLocaleUnset,
}

// ownUTF8 is the release from which on Python is started with a configuration of
// its own, which has UTF-8 mode where the locale is C (PEP 540).
var ownUTF8 = modwsgi.MustParseRelease("5.0.0")

func checkLocaleUnset(p *Pass) {
	name := cmp.Or(p.locale(), "C.UTF-8")
	settings := writeOptions([]modwsgi.Setting{{Name: "lang", Value: name}, {Name: "locale", Value: name}})
	for _, group := range p.Daemons {
		if group.Options.Has("lang") || group.Options.Has("locale") {
			continue
		}
		f := Finding{
			Message: fmt.Sprintf("the daemon process group %s has no lang and no locale", group.Name),
			Help:    "Add " + settings + ".",
		}
		f.Fix = p.fixByText(false, "add "+settings, group.Directive, settings)
		if p.isSince(ownUTF8) {
			f.Milder = OfNewRelease
			f.Message += ": what it starts gets Apache's, C as a rule"
		}
		p.Report(group.Directive, f)
	}
}
