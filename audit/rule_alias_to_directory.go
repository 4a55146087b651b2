package audit

import "fmt"

var aliasToDirectory = &Rule{
	ID: "WC155", Name: "alias-to-directory", Severity: Warning, Category: CategoryAccess, Since: unreleased,
	Summary: "an alias mounts a folder: each file in it is an application",
	Why: "Whatever file gets into the folder, a backup, an upload, a module, is run when someone asks for its name, and " +
		"each of them in a Python interpreter of its own.",
	Remedy: "Mount the one script file.",
	Link:   guides + "security-hardening.html",
	Bad: `
WSGIScriptAlias /apps/ /srv/apps/`,
	Good: `
WSGIScriptAlias /apps /srv/apps/shop.wsgi`,
	Check: checkAliasToDirectory,
}

func checkAliasToDirectory(p *Pass) {
	for _, a := range p.Applications {
		if a.Alias != nil && !a.Alias.IsMatch && a.Settings().Request.Folder {
			p.Report(a.Via, Finding{Message: fmt.Sprintf("%s mounts the folder %s", a.Alias.URLPath, a.Alias.Target)})
		}
	}
}
