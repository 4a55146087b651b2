package audit

import (
	"fmt"
	"path"

	"github.com/wsgictl/wsgictl/wsgi"
)

var aliasToDirectory = &Rule{
	ID: "WC155", Name: "alias-to-directory", Severity: Warning, Category: CategoryAccess, Since: unreleased,
	Summary: "an alias mounts a folder: each file in it is an application",
	Why: "Whatever file gets into the folder, a backup, an upload, a module, is run when someone asks for its name, and " +
		"each of them in a Python interpreter of its own. A request for the folder itself gets 403 (WSGI0136), unless DirectoryIndex " +
		"names a script in it.",
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
		if a.Alias == nil || a.Alias.IsMatch || !a.Settings().Request.Folder && !p.isFolder(a.Alias.Target) {
			continue
		}
		f := Finding{Message: fmt.Sprintf("%s mounts the folder %s", a.Alias.URLPath, a.Alias.Target)}
		if script := p.scriptIn(a.Alias); script != "" {
			f.Help = fmt.Sprintf("Mount the one script file: write %s.", script)
		}
		p.Report(a.Via, f)
	}
}

// scriptIn is the one file in a folder, or in one of its own folders, that has the name
// of a script; "" where there is none, or more than one.
func (p *Pass) scriptIn(alias *wsgi.Alias) (script string) {
	folder := path.Clean(alias.Target)
	folders := []string{folder}
	for _, entry := range p.Config.List(folder) {
		if entry.IsDir() {
			folders = append(folders, path.Join(folder, entry.Name()))
		}
	}
	for _, folder := range folders {
		for _, entry := range p.Config.List(folder) {
			if entry.Name() != "wsgi.py" && path.Ext(entry.Name()) != ".wsgi" {
				continue
			}
			if script != "" {
				return ""
			}
			script = path.Join(folder, entry.Name())
		}
	}
	return script
}
