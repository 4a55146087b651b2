package audit

import (
	"fmt"
	"maps"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var trustedHeadersUnknown = &Rule{
	ID: "WC172", Name: "trusted-headers-unknown", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "a trusted header is none that mod_wsgi understands",
	Why:     "The name is accepted and ignored: the application goes on to see the proxy's address, http, and the proxy's host.",
	Remedy:  "Let the proxy send a header that mod_wsgi understands, such as X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host.",
	Link:    directives + "WSGITrustedProxyHeaders.html",
	Bad: `
WSGITrustedProxyHeaders Forwarded
WSGITrustedProxies 192.0.2.10
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGITrustedProxyHeaders X-Forwarded-For X-Forwarded-Proto
WSGITrustedProxies 192.0.2.10
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkTrustedHeadersUnknown,
}

func checkTrustedHeadersUnknown(p *Pass) {
	known := newNameIndex(slices.Collect(maps.Keys(proxyHeaders)))
	for d := range p.All("WSGITrustedProxyHeaders") {
		for _, word := range d.Words() {
			if proxyHeaders[headerName(word)] != "" || conf.HasMark(word) {
				continue
			}
			f := Finding{Message: fmt.Sprintf("mod_wsgi does nothing with the header %s", word)}
			if name := nearest(word, known); name != "" {
				f.Help = fmt.Sprintf("Did you mean %s?", name)
			}
			p.Report(d, f)
			break
		}
	}
}
