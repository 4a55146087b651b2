package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var trustedHeadersDuplicateCategory = &Rule{
	ID: "WC173", Name: "trusted-headers-duplicate-category", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "two trusted headers say the same thing",
	Why: "The last one with a value wins. A proxy overwrites the one that it knows, and passes the other on as the " +
		"client sent it: so the client decides.",
	Remedy: "Trust the one header that the proxy sets.",
	Link:   guides + "running-behind-a-reverse-proxy.html",
	Bad: `
WSGITrustedProxyHeaders X-Forwarded-For X-Real-IP
WSGITrustedProxies 192.0.2.10
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGITrustedProxyHeaders X-Forwarded-For X-Forwarded-Proto
WSGITrustedProxies 192.0.2.10
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkTrustedHeadersDuplicateCategory,
}

// claim is what one header tells in one place of the configuration.
type claim struct {
	section *conf.Directive
	about   string
}

func checkTrustedHeadersDuplicateCategory(p *Pass) {
	first := map[claim]string{}
	for d := range p.All("WSGITrustedProxyHeaders") {
		for _, word := range d.Words() {
			about := claim{d.Parent, proxyHeaders[headerName(word)]}
			other := first[about]
			if about.about == "" || headerName(other) == headerName(word) {
				continue
			}
			if other != "" {
				p.Report(d, Finding{Message: fmt.Sprintf("%s and %s both tell the %s", other, word, about.about)})
				break
			}
			first[about] = word
		}
	}
}
