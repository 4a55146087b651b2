package express

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// virtualHosts separates the names that the server answers to, and its ports. A server
// that answers to all names on one port has one too, so that a virtual host of an
// included file does not take its place.
func (p plan) virtualHosts() []templates.VirtualHost {
	hosts := p.hostsOf(p.at.port, nil)
	if p.at.httpsPort != 0 {
		hosts = append(hosts, p.hostsOf(p.at.httpsPort, &p.https.TLS)...)
	}
	for i := range hosts {
		hosts[i].Unproxied = hosts[i].Redirect != "" && p.command.proxies()
	}
	for _, pair := range p.command.ProxyVirtualHosts {
		hosts = append(hosts, templates.VirtualHost{Port: p.at.port, ServerName: pair[0], Proxy: strings.TrimRight(pair[1], "/") + "/"})
	}
	return hosts
}

func (p plan) hostsOf(port int, tls *templates.TLS) []templates.VirtualHost {
	o := p.command.Options
	main := templates.VirtualHost{Port: port, ServerName: o.ServerName, ServerAlias: words(o.ServerAliases), TLS: tls}
	if tls == nil && p.https.Redirects() {
		main.Redirect = siteURL("https", p.at.clientName(), p.at.httpsPort)
	}
	if o.ServerName == "" {
		return []templates.VirtualHost{main}
	}
	hosts := []templates.VirtualHost{
		{Port: port, Comment: "Requests for other names.", ServerName: "_wsgi_", Deny: true, Local: o.AllowLocalhost, TLS: tls},
		main,
	}
	if parent, found := strings.CutPrefix(strings.ToLower(o.ServerName), "www."); found && !hasAlias(main.ServerAlias, parent) {
		bare := templates.VirtualHost{Port: port, ServerName: parent, Redirect: main.Redirect, TLS: tls}
		switch {
		case bare.Redirect != "": // to HTTPS
		case tls != nil:
			bare.Redirect, bare.Moved = siteURL("https", o.ServerName, port), true
		default:
			bare.Redirect, bare.Moved = siteURL("http", o.ServerName, port), true
		}
		hosts = append(hosts, bare)
	}
	return hosts
}

// hasAlias reports whether a name is one of those of a virtual host, which then
// answers to it, and not one behind.
func hasAlias(aliases []string, name string) bool {
	return slices.ContainsFunc(strings.Fields(strings.Join(aliases, " ")), func(alias string) bool {
		fits, err := filepath.Match(strings.ToLower(alias), name) // * and ? are wild, as in ServerAlias
		return err == nil && fits
	})
}

// proxies reports whether anything is passed to other servers.
func (o Options) proxies() bool { return len(o.ProxyMountPoint)+len(o.ProxyVirtualHosts) > 0 }
