package audit

import "fmt"

var trustedHeadersAnyPeer = &Rule{
	ID: "WC170", Name: "trusted-headers-any-peer", Severity: Error, Category: CategorySecurity, Since: unreleased,
	Summary: "headers of a proxy are believed whoever sends them",
	Why: "Without WSGITrustedProxies each client is trusted: it writes its own address, scheme or host into these " +
		"headers, and the application takes them for the truth in its logs, limits and links.",
	Remedy: "List the addresses of your proxies in WSGITrustedProxies, in the same place.",
	Link:   guides + "running-behind-a-reverse-proxy.html",
	Bad: `
WSGITrustedProxyHeaders X-Forwarded-For
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGITrustedProxyHeaders X-Forwarded-For
WSGITrustedProxies 192.0.2.10
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkTrustedHeadersAnyPeer,
}

func checkTrustedHeadersAnyPeer(p *Pass) {
	for _, a := range p.Applications {
		if d := a.InEffect("WSGITrustedProxyHeaders"); d != nil && !a.MayHave("WSGITrustedProxies") && !p.isLocal(a.Server) {
			p.Report(d, Finding{Message: fmt.Sprintf("%s believes these headers from any client", a.Name())})
		}
	}
}
