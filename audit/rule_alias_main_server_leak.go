package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var aliasMainServerLeak = &Rule{
	ID: "WC121", Name: "alias-main-server-leak", Severity: Info, Category: CategoryMode, Since: unreleased,
	Summary: "several sites have an application that is mounted outside of them",
	Why: "Each virtual host inherits the aliases of the main server: the application answers under names that it was not " +
		"made for, and in the process group that happens to hold there, which may be none.",
	Remedy: "Mount the application in the virtual host that it belongs to.",
	Link:   configGuide,
	Bad: `
WSGIScriptAlias /tool /srv/tool/app.wsgi
<VirtualHost *:80>
ServerName shop.example
</VirtualHost>
<VirtualHost *:80>
ServerName blog.example
</VirtualHost>`,
	Good: `
<VirtualHost *:80>
ServerName shop.example
</VirtualHost>
<VirtualHost *:80>
ServerName blog.example
WSGIScriptAlias /tool /srv/tool/app.wsgi
</VirtualHost>`,
	Check: checkAliasMainServerLeak,
}

func checkAliasMainServerLeak(p *Pass) {
	first := map[*conf.Directive]string{} // the first site that inherits an alias
	told := map[*conf.Directive]bool{}
	for _, a := range p.Applications {
		if a.Alias == nil || !a.Server.IsVirtual() || a.Server.Name == "" || a.Via.VirtualHost() != nil {
			continue
		}
		switch name := first[a.Via]; {
		case name == "":
			first[a.Via] = a.Server.Name
		case name != a.Server.Name && !told[a.Via]:
			told[a.Via] = true
			p.Report(a.Via, Finding{Message: fmt.Sprintf("%s, %s and maybe more inherit %s", name, a.Server.Name, a.Alias.URLPath)})
		}
	}
}
