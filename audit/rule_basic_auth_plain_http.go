package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

var basicAuthPlainHTTP = &Rule{
	ID: "WC177", Name: "basic-auth-plain-http", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "passwords are asked for over plain HTTP",
	Why: "With AuthType Basic the browser sends the password with each request, in clear for everybody on the way who " +
		"looks: in a café, at a provider, in a company's network.",
	Remedy: "Serve it over HTTPS, and redirect the virtual host for port 80 to it.",
	Link:   guides + "enabling-https.html",
	Bad: `
<VirtualHost *:80>
ServerName shop.example
WSGIScriptAlias / /srv/shop/app.wsgi
<Location /admin>
AuthType Basic
</Location>
</VirtualHost>`,
	Good: `
<VirtualHost *:80>
ServerName shop.example
Redirect permanent / https://shop.example/
WSGIScriptAlias / /srv/shop/app.wsgi
<Location /admin>
AuthType Basic
</Location>
</VirtualHost>`,
	Check: checkBasicAuthPlainHTTP,
}

func checkBasicAuthPlainHTTP(p *Pass) {
	if !p.hosts() || p.isBehindProxy() {
		return // TLS may end at the proxy
	}
	secured := p.hostsToHTTPS()
	for d := range p.All("AuthType") {
		if !strings.EqualFold(d.Word(0), "Basic") || d.VirtualHost() == nil {
			continue
		}
		s := p.ServerAround(d)
		if s.IsPlainHTTP() && len(s.Addresses) == 1 && !p.isLocal(s) && !secured[s.Section] && p.Server(s).Redirect("/") == nil {
			p.Report(d, Finding{Message: fmt.Sprintf("%s asks for passwords on port 80", s.Name)})
		}
	}
}

// isBehindProxy tells whether headers of a proxy in front are looked at.
func (p *Pass) isBehindProxy() bool {
	return p.has("WSGITrustedProxyHeaders") || p.has("RemoteIPHeader") || p.has("RemoteIPProxyProtocol")
}

// hostsToHTTPS are the sections of the virtual hosts that have a rule which sends
// clients there.
func (p *Pass) hostsToHTTPS() map[*conf.Directive]bool {
	hosts := map[*conf.Directive]bool{}
	for d := range p.All("RewriteRule") {
		if strings.HasPrefix(request.RuleTarget(d), "https:") {
			hosts[d.VirtualHost()] = true
		}
	}
	return hosts
}
