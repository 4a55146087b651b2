package audit

import "github.com/wsgictl/wsgictl/httpd/conf"

var remoteipAndTrusted = &Rule{
	ID: "WC174", Name: "remoteip-and-trusted", Severity: Info, Category: CategorySecurity, Since: unreleased,
	Summary: "mod_remoteip has replaced the address that mod_wsgi is to trust",
	Why: "RemoteIPHeader puts the client's address in the place of the proxy's before mod_wsgi looks: the trusted proxy " +
		"is not recognised any more, and its other headers are dropped.",
	Remedy: "Let one of the two do it: WSGITrustedProxyHeaders and WSGITrustedProxies, or mod_remoteip.",
	Link:   guides + "running-behind-a-reverse-proxy.html",
	Bad: `
RemoteIPHeader X-Forwarded-For
WSGITrustedProxyHeaders X-Forwarded-Proto
WSGITrustedProxies 192.0.2.10
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGITrustedProxyHeaders X-Forwarded-For X-Forwarded-Proto
WSGITrustedProxies 192.0.2.10
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkRemoteipAndTrusted,
}

func checkRemoteipAndTrusted(p *Pass) {
	replaced := map[*conf.Directive]bool{} // by virtual host; nil is the main server
	for remote := range p.All("RemoteIPHeader") {
		replaced[remote.VirtualHost()] = true
	}
	for d := range p.All("WSGITrustedProxies") {
		host := d.VirtualHost()
		if replaced[nil] || replaced[host] || host == nil && len(replaced) > 0 {
			p.Report(d, Finding{Message: "RemoteIPHeader has replaced the address of the proxy"})
		}
	}
}
