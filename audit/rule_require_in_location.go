package audit

import (
	"path"

	"github.com/wsgictl/wsgictl/httpd/request"
)

var requireInLocation = &Rule{
	ID: "WC211", Name: "require-in-location", Severity: Warning, Category: CategoryAccess, Since: unreleased,
	Summary: "access is granted by URL, which overrides all protection of files",
	Why: "<Location /> comes after all <Directory> and <Files> sections: it also opens .ht files, folders that a " +
		"<Directory> denies, and whatever is put there later.",
	Remedy: "Grant access in a <Directory> section of the script's folder.",
	Link:   configGuide,
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Location />
Require all granted
</Location>`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Directory /srv/shop>
Require all granted
</Directory>`,
	Check: checkRequireInLocation,
}

func checkRequireInLocation(p *Pass) {
	for d := range p.All("Require") {
		if d.Parent != nil && d.Parent.Is("<Location") && request.RequiresAll(d, "granted") && path.Clean(d.Parent.Word(0)) == "/" && p.hosts() {
			p.Report(d, Finding{Message: "access is granted to all URLs, whatever their files"})
		}
	}
}
