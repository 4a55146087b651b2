package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var duplicateDaemonName = &Rule{
	ID: "WC107", Name: "duplicate-daemon-name", Severity: Error, Category: CategoryMode, Since: unreleased,
	StopsStart: true,
	Summary:    "two daemon process groups have the same name",
	Why: "Names of groups hold for the whole server. Apache does not start: \"Name duplicates previous WSGI daemon " +
		"definition.\" It happens where a virtual host is copied for HTTPS.",
	Remedy: "Declare the group once, outside the virtual hosts, and name it from both.",
	Link:   daemonPage,
	Bad: `
<VirtualHost *:80>
ServerName shop.example
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>
<VirtualHost *:443>
ServerName shop.example
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>`,
	Good: `
WSGIDaemonProcess shop
<VirtualHost *:80>
ServerName shop.example
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>
<VirtualHost *:443>
ServerName shop.example
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>`,
	Check: checkDuplicateDaemonName,
}

func checkDuplicateDaemonName(p *Pass) {
	for _, group := range p.Daemons {
		first := p.Daemon(group.Name)
		switch before := p.DeclaredBefore(group.Name); {
		case first == group && before != nil && !conf.HasMark(group.Name):
			p.reportDuplicate(group, before, OtherServer)
		case first == group || first.Directive.Loop() != group.Directive.Loop() && conf.HasMark(group.Name):
		default:
			p.reportDuplicate(group, first, "")
		}
	}
}

// reportDuplicate reports a group whose name an earlier one has. Of two parts of a
// server nothing says that they are of the same.
func (p *Pass) reportDuplicate(group, first *wsgi.Daemon, unless Elsewhere) {
	f := Finding{
		Message: fmt.Sprintf("the daemon process group %s is declared already (%s): Apache does not start", group.Name, at(first.Directive, group.Directive)),
		Unless:  unless,
	}
	if first.Pos() != group.Pos() && isEditable(group.Directive) && first.ServesFrom(group.Server) && sameWords(first, group) {
		f.Help = "Remove it: the first one serves this virtual host too."
		f.Fix = p.fixOf(unless == "", "remove the second declaration", removeDirective(group.Directive))
	}
	if unless == "" {
		f.Needs = []*conf.Directive{first.Directive}
		f.Fix = f.Fix.safeWith(first.Directive)
	}
	p.Report(group.Directive, f)
}

func sameWords(a, b *wsgi.Daemon) bool {
	return strings.Join(a.Words(), "\n") == strings.Join(b.Words(), "\n")
}
