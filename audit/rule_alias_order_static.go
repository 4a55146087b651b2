package audit

import "fmt"

var aliasOrderStatic = &Rule{
	ID: "WC159", Name: "alias-order-static", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "Apache takes the URL of an application before mod_wsgi is asked",
	Why: "mod_rewrite, mod_proxy and mod_alias look at a URL before mod_wsgi does, whatever the order of the lines. The " +
		"application is never called.",
	Remedy: "Take the Alias, Redirect or ProxyPass away, or give it a URL below the application's, such as /static.",
	Link:   configGuide,
	Bad: `
Alias / /srv/www/
WSGIScriptAlias /shop /srv/shop/app.wsgi`,
	Good: `
Alias /static /srv/www/static
WSGIScriptAlias /shop /srv/shop/app.wsgi`,
	Check: checkAliasOrderStatic,
}

func checkAliasOrderStatic(p *Pass) {
	for _, s := range p.scopes {
		for _, alias := range s.aliases {
			if alias.IsMatch {
				continue
			}
			taken := p.takenBy(s, alias)
			if taken == nil || p.httpd.Undecided(alias.Unknown, s.Given()) != nil {
				continue
			}
			f := Finding{Message: fmt.Sprintf("the application is never called: %s %s in %s takes %s", taken.Name, taken.Word(0), placeOf(taken, alias.Directive), alias.URL)}
			if isToHTTPS(taken) {
				f.Help = "Take the alias away where everything is redirected; the virtual host for HTTPS has its own."
				p.ReportAs(Info, alias.Directive, f)
				continue
			}
			p.Report(alias.Directive, f)
		}
	}
}
