package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var virtualHostHidden = &Rule{
	ID: "WC226", Name: "virtual-host-hidden", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "a virtual host never answers, for one before it has the same name, address and port",
	Why: "Of the virtual hosts for one address and port, httpd takes the first that has the name of the request as ServerName " +
		"or among its ServerAlias. It accepts a second one without a word, and never uses it: the application behind it is " +
		"not served, or the one before it answers in its place.",
	Remedy: "Leave one of the two, or give it a name or a port of its own. Where a ServerAlias with \"*\" takes the name, put that " +
		"virtual host last.",
	Link: "https://httpd.apache.org/docs/2.4/vhosts/details.html#hostmatching",
	Bad: `
<VirtualHost *:80>
ServerName shop.example
DocumentRoot /var/www/html
</VirtualHost>
<VirtualHost *:80>
ServerName shop.example
WSGIScriptAlias / /srv/shop/app.wsgi
</VirtualHost>`,
	Good: `
<VirtualHost *:80>
ServerName www.shop.example
DocumentRoot /var/www/html
</VirtualHost>
<VirtualHost *:80>
ServerName shop.example
WSGIScriptAlias / /srv/shop/app.wsgi
</VirtualHost>`,
	Check: checkVirtualHostHidden,
}

// checkVirtualHostHidden leaves out hosts that have no application on either
// side, and one and the same text that is read twice.
func checkVirtualHostHidden(p *Pass) {
	hidden := p.Config.Hidden()
	if len(hidden) == 0 {
		return
	}
	hosts := p.hosting()
	for _, s := range p.Config.Servers() {
		first := hidden[s]
		switch {
		case first == nil, !hosts[s.Index] && !hosts[first.Index]:
		case first.Section.Pos() == s.Section.Pos():
		default:
			p.Report(s.NameFrom, Finding{Message: fmt.Sprintf("%s is answered by the virtual host before this one (%s), which has the name too: this one never answers to it",
				s.Name, at(first.Section, s.NameFrom)), Needs: []*conf.Directive{first.Section}})
		}
	}
}
