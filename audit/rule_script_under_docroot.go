package audit

import (
	"fmt"
)

var scriptUnderDocroot = &Rule{
	ID: "WC154", Name: "script-under-docroot", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "a script lies where Apache serves plain files",
	Why: "Under any URL that the alias does not take, and on a day when mod_wsgi is not loaded or the alias is lost in an " +
		"edit, Apache hands out the script, and with it what lies beside it, as text.",
	Remedy: "Keep the application outside of DocumentRoot and of every Alias, and map only its static files.",
	Link:   guides + "security-hardening.html",
	Bad: `
DocumentRoot /srv/shop
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
DocumentRoot /srv/shop/htdocs
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkScriptUnderDocroot,
}

func checkScriptUnderDocroot(p *Pass) {
	for _, a := range p.Applications {
		if a.Alias == nil {
			continue // a handler serves files of the tree by design
		}
		if d, folder := p.Server(a.Server).ServedFrom(a.Script); d != nil {
			danger := "which " + d.Name + " serves as plain files"
			if d.Is("DocumentRoot") && a.Mount == "/" {
				danger = "and only the alias keeps " + d.Name + " from serving it as text"
			}
			p.Report(a.Via, Finding{Message: fmt.Sprintf("the script %s lies below %s, %s", a.Script, folder, danger)})
		}
	}
}
