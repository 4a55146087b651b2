package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var hostExpansion = &Rule{
	ID: "WC118", Name: "host-expansion-wildcard", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "the client chooses the name of a group by the host that it asks for",
	Why: "%{HOST} is the Host header. Where a virtual host answers any name, each new name makes another Python " +
		"interpreter, until memory runs out; for a process group it means 500.",
	Remedy: "Use %{SERVER}, which is the ServerName, or a fixed name.",
	Link:   directives + "WSGIApplicationGroup.html",
	Bad: `
<VirtualHost *:80>
ServerName shop.example
ServerAlias *.shop.example
WSGIApplicationGroup %{HOST}
WSGIScriptAlias / /srv/shop/app.wsgi
</VirtualHost>`,
	Good: `
<VirtualHost *:80>
ServerName shop.example
ServerAlias *.shop.example
WSGIApplicationGroup %{SERVER}
WSGIScriptAlias / /srv/shop/app.wsgi
</VirtualHost>`,
	Check: checkHostExpansion,
}

func checkHostExpansion(p *Pass) {
	first := firstHosts(p.Config.Servers()[1:])
	for n := range p.namings() {
		if n.name != "%{HOST}" || !n.isExpandedBy(n.expanded(p.Release)) {
			continue
		}
		if s := p.ServerAround(n.Directive); !answersAny(s, first) {
			continue
		}
		f := Finding{Message: "the client's Host header is the name of the group", Option: n.option}
		if edit, ok := n.rename("%{SERVER}"); ok {
			f.Fix = p.fixOf(false, "write %{SERVER}", edit)
		}
		p.Report(n.Directive, f)
	}
}

// rename is the edit that puts another name in the place.
func (n naming) rename(name string) (FileEdit, bool) {
	if n.option != "" {
		return replaceOption(n.Directive, n.option, name)
	}
	return replaceDirective(n.Directive, fmt.Sprintf("%s %s", n.Directive.Name, name)), isEditable(n.Directive)
}

// firstHosts are the first virtual hosts of each address, as written.
func firstHosts(hosts []*conf.Server) map[string]*conf.Server {
	first := map[string]*conf.Server{}
	for _, s := range hosts {
		if len(s.Addresses) > 0 && first[s.Addresses[0].Text] == nil {
			first[s.Addresses[0].Text] = s
		}
	}
	return first
}

// answersAny tells whether a server answers names that are not listed in it:
// the main server, the first virtual host of an address, and one with patterns.
func answersAny(s *conf.Server, first map[string]*conf.Server) bool {
	if !s.IsVirtual() {
		return true
	}
	for _, alias := range s.Aliases {
		if strings.ContainsAny(alias, "*?") {
			return true
		}
	}
	return len(s.Addresses) == 0 || first[s.Addresses[0].Text] == s
}
