package audit

import (
	"fmt"
	"path"

	"github.com/wsgictl/wsgictl/httpd/request"
)

var requireTooBroad = &Rule{
	ID: "WC158", Name: "require-too-broad", Severity: Warning, Category: CategoryAccess, Since: unreleased,
	Summary: "access is granted to files of the whole system",
	Why: "Apache may hand out any file there that some Alias, link or rewrite rule leads to: source, settings with " +
		"passwords, the data of other users.",
	Remedy: "Grant access to the script and to static files alone: <Directory> with the application's folder, <Files> with the script's name.",
	Link:   guides + "security-hardening.html",
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Directory />
Require all granted
</Directory>`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Directory /srv/shop>
<Files app.wsgi>
Require all granted
</Files>
</Directory>`,
	Check: checkRequireTooBroad,
}

// wideFolders hold far more than an application.
var wideFolders = map[string]bool{"/": true, "/etc": true, "/home": true, "/opt": true, "/root": true, "/usr": true, "/var": true}

func checkRequireTooBroad(p *Pass) {
	for d := range p.All("Require") {
		if d.Parent == nil || !d.Parent.Is("<Directory") || !request.RequiresAll(d, "granted") || !p.hosts() {
			continue
		}
		if folder := path.Clean(d.Parent.Word(0)); wideFolders[folder] && len(d.Parent.Words()) == 1 {
			p.Report(d, Finding{Message: fmt.Sprintf("access is granted to all files below %s", folder)})
		}
	}
}
