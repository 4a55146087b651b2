package audit

import (
	"fmt"
	"net/netip"
)

var trustedProxiesWide = &Rule{
	ID: "WC171", Name: "trusted-proxies-wide", Severity: Error, Category: CategorySecurity, Since: unreleased,
	Summary: "a trusted proxy is half of the internet",
	Why:     "Who is in that range, and that may be everybody, can tell the application any address, scheme and host.",
	Remedy:  "List the addresses of your proxies, or the network that they alone are in.",
	Link:    directives + "WSGITrustedProxies.html",
	Bad: `
WSGITrustedProxyHeaders X-Forwarded-For
WSGITrustedProxies 0.0.0.0/0
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGITrustedProxyHeaders X-Forwarded-For
WSGITrustedProxies 10.0.0.0/8
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkTrustedProxiesWide,
}

func checkTrustedProxiesWide(p *Pass) {
	for d := range p.All("WSGITrustedProxies") {
		for _, word := range d.Words() {
			network, err := netip.ParsePrefix(word)
			if err == nil && network.Bits() < 8 {
				p.Report(d, Finding{Message: fmt.Sprintf("%s trusts more than any network of proxies has", network)})
				break
			}
		}
	}
}
