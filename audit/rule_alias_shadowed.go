package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/wsgi"
)

var aliasShadowed = &Rule{
	ID: "WC120", Name: "alias-shadowed", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "an alias never answers, because one above takes all its URLs",
	Why: "mod_wsgi tries the aliases of a virtual host in the order of the text and takes the first that fits, not the " +
		"longest. The application below is never called, and its URLs go to the other one, in the other one's mode.",
	Remedy: "Put the longer URL first, and / last.",
	Link:   configGuide,
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi
WSGIScriptAlias /admin /srv/admin/app.wsgi`,
	Good: `
WSGIScriptAlias /admin /srv/admin/app.wsgi
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkAliasShadowed,
}

func checkAliasShadowed(p *Pass) {
	for _, s := range p.Servers {
		for alias, above := range s.Shadowed() {
			place := placeOf(above.Directive, alias.Directive)
			if above.URLPath == alias.URLPath && above.Target == alias.Target {
				p.Report(alias.Directive, Finding{Message: fmt.Sprintf("%s is mounted in %s already", alias.URLPath, place), Milder: AnsweredElsewhere})
				continue
			}
			f := Finding{Message: fmt.Sprintf("%s never answers: %s %s in %s takes its URLs", alias.URLPath, above.Name, above.URLPath, place)}
			script, isPreload := asPreload(alias.Directive)
			starts := !isPreload || p.isDeclaredAbove(p.Daemon(script.group), above.Directive)
			if edits, ok := moveAbove(alias.Directive, above.Directive); ok && starts && p.hasWhereToRun(alias, s) && alias.Parent == above.Parent && alias.URLPath != above.URLPath {
				f.Fix = p.fixOf(false, "move it above the other", edits...)
			}
			p.Report(alias.Directive, f)
		}
	}
}

// hasWhereToRun tells whether an alias that never answered would not be refused as
// soon as it does: it names a group that its server may use, or may run embedded.
func (p *Pass) hasWhereToRun(alias *wsgi.Alias, s *wsgi.Server) bool {
	switch {
	case !takesGroup(alias.Directive):
		return true
	case p.Config.Has("WSGIRestrictProcess"): // which may let only others in there
		return false
	}
	name, isNamed := alias.Options.Get("process-group")
	if group := p.Daemon(name); isNamed && name != "%{GLOBAL}" {
		return group != nil && group.ServesFrom(s.Server.Server)
	}
	return p.RestrictEmbedded == nil || strings.EqualFold(p.RestrictEmbedded.Word(0), "Off")
}
