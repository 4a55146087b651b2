package audit

import (
	"fmt"
	"strings"
)

var allowoverrideFileInfo = &Rule{
	ID: "WC167", Name: "allowoverride-fileinfo", Severity: Info, Category: CategorySecurity, Since: unreleased,
	Summary: "a .htaccess file may change how an application is called",
	Why: "AllowOverride All or FileInfo lets it set WSGIPassAuthorization, WSGITrustedProxyHeaders, WSGICallableObject and " +
		"handlers: who may write a file beside the script may change them. Apache also looks for the file at each request.",
	Remedy: "Write AllowOverride None for the folder of the script.",
	Link:   issuesGuide,
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Directory /srv/shop>
AllowOverride All
</Directory>`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Directory /srv/shop>
AllowOverride None
</Directory>`,
	Check: checkAllowoverrideFileInfo,
}

func checkAllowoverrideFileInfo(p *Pass) {
	for _, a := range p.Applications {
		d := a.InEffect("AllowOverride")
		if d == nil {
			continue
		}
		var room [8]string
		for _, word := range d.WordsIn(&room) {
			if strings.EqualFold(word, "All") || strings.EqualFold(word, "FileInfo") {
				f := Finding{Message: fmt.Sprintf("a .htaccess file beside %s may change how it is called", a.Script)}
				if isEditable(d) {
					f.Fix = p.fixOf(false, "write AllowOverride None", replaceDirective(d, "AllowOverride None"))
				}
				p.Report(d, f)
			}
		}
	}
}
