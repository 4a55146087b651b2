package audit

import (
	"fmt"
	"path"
	"strings"
)

var fallbackResource = &Rule{
	ID: "WC161", Name: "fallback-resource", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "FallbackResource leads to a WSGI application",
	Why: "It changes the request inside Apache, so that SCRIPT_NAME and PATH_INFO do not say any more what the client " +
		"asked for: the application sees one URL for all, and makes wrong links.",
	Remedy: "Mount the application with WSGIScriptAlias /, and its static files with Alias.",
	Link:   issuesGuide,
	Bad: `
DocumentRoot /srv/shop
WSGIScriptAlias /app /srv/shop/app.wsgi
FallbackResource /app`,
	Good: `
DocumentRoot /srv/shop/htdocs
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkFallbackResource,
}

func checkFallbackResource(p *Pass) {
	for d := range p.All("FallbackResource") {
		url := d.Word(0)
		scope := p.Server(p.ServerAround(d))
		if strings.HasPrefix(url, "/") && (path.Ext(url) == ".wsgi" || scope.MountOf(url) != nil) {
			p.Report(d, Finding{Message: fmt.Sprintf("requests for what does not exist get to the application as %s", url)})
		}
	}
}
