package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/wsgi"
)

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
	var samples request.Samples
	for _, s := range p.Servers {
		for _, alias := range s.Aliases {
			if alias.IsMatch {
				continue
			}
			taken := p.takenBy(s, alias, &samples)
			if taken == nil {
				continue
			}
			f := Finding{Message: fmt.Sprintf("the application is never called: %s %s in %s takes %s", taken.Name, taken.Word(0), placeOf(taken, alias.Directive), alias.URLPath)}
			if isToHTTPS(taken) {
				f.Help = "Take the alias away where everything is redirected; the virtual host for HTTPS has its own."
				f.Milder = AnsweredElsewhere
			}
			p.Report(alias.Directive, f)
		}
	}
}

// takenBy is the directive that takes each request to an alias before mod_wsgi
// is asked, or nil: one that takes some of its URLs, such as / alone, leaves the
// others to it.
func (p *Pass) takenBy(s *wsgi.Server, alias *wsgi.Alias, samples *request.Samples) *conf.Directive {
	var by *conf.Directive
	for i, uri := range samplesBelow(alias.URLPath) {
		taken := p.takes(s, uri, samples)
		if taken == nil || i > 0 && taken != by {
			return nil
		}
		by = taken
	}
	return by
}

// samplesBelow are the URL of an alias and others below it, with names that no
// pattern is about.
func samplesBelow(url string) []string {
	folder := strings.TrimSuffix(url, "/")
	return []string{url, folder + "/q7", folder + "/q7/z9.x8"}
}

// takes is the directive that takes a URL before mod_wsgi: of mod_rewrite,
// mod_proxy or mod_alias, in this order.
func (p *Pass) takes(s *wsgi.Server, uri string, samples *request.Samples) *conf.Directive {
	port := p.ClientPort(s.Server.Server)
	if rule := s.RewrittenAway(request.Client{Host: s.Name, Port: port, HTTPS: expr.TruthOf(port == 443), Path: uri}, samples); rule != nil {
		return rule
	}
	return s.TakenBy(uri)
}

// isToHTTPS tells whether a redirect leads to the same place by TLS, as that of
// a virtual host does that is there for nothing else.
func isToHTTPS(d *conf.Directive) bool {
	return slices.ContainsFunc(d.Words(), func(word string) bool { return strings.HasPrefix(word, "https://") })
}
