package audit

import (
	"fmt"
	"strings"
)

var groupNameLiteral = &Rule{
	ID: "WC117", Name: "group-name-literal", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "a group's name has a %{…} or ${…} in it that nothing replaces",
	Why: "mod_wsgi replaces a few %{…} names, in capital letters and only as the whole name; any other text is the name " +
		"itself. For a process group that means 500 for each request, for an application group an interpreter that nobody meant.",
	Remedy: "Write %{GLOBAL}, %{SERVER}, %{RESOURCE}, %{HOST} or %{ENV:NAME}, or a plain name; give each ${…} a Define.",
	Link:   directives + "WSGIApplicationGroup.html",
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{Global}`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Check: checkGroupNameLiteral,
}

func checkGroupNameLiteral(p *Pass) {
	for n := range p.namings() {
		forms := n.expanded(p.Release)
		if !strings.Contains(n.name, "%{") && !strings.HasPrefix(n.name, "${") || n.isExpandedBy(forms) {
			continue
		}
		f := Finding{Message: fmt.Sprintf("nothing replaces %s here: it is the name itself", n.name), Option: n.option}
		if forms != "" {
			f.Help = "Replaced here: " + forms + "."
		}
		p.Report(n.Directive, f)
	}
}
