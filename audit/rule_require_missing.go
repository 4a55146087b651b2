package audit

import "fmt"

var requireMissing = &Rule{
	ID: "WC157", Name: "require-missing", Severity: Error, Category: CategoryAccess, Since: unreleased,
	Summary: "access to a script is denied to everybody",
	Why: "Each request is answered with 403 (AH01630): nothing inside of the section that denies the whole file system " +
		"grants access to the script. Order and Allow of Apache 2.2 do not either.",
	Remedy: "Add \"Require all granted\" for the script, in <Directory> and <Files> sections of its folder and name.",
	Link:   configGuide,
	Bad: `
<Directory />
Require all denied
</Directory>
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
<Directory />
Require all denied
</Directory>
<Directory /srv/shop>
<Files app.wsgi>
Require all granted
</Files>
</Directory>
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkRequireMissing,
}

// checkRequireMissing looks at the scripts. Of a part of a configuration the denial
// itself is mostly in another file: then a section that grants access to another folder
// shows that one is needed.
func checkRequireMissing(p *Pass) {
	denies, needed := p.deniesAnything(), !p.Config.Complete && p.grantsAnything()
	if !denies && !needed {
		return
	}
	for _, a := range p.Applications {
		if a.Settings().Request.File == "" || a.Via.Is("WSGIHandlerScript") {
			continue
		}
		switch denied := a.Settings().DeniedBy(); {
		case denied != nil:
			p.Report(a.Via, Finding{Message: fmt.Sprintf("%s denies access to %s", placeOf(denied, a.Via), a.Script), Unless: OtherFileGrants})
		case needed && !mayBeGranted(a.Script) && !a.Settings().IsGranted():
			p.Report(a.Via, Finding{Message: fmt.Sprintf("servers deny the whole file system, and nothing here grants access to %s", a.Script), Unless: OtherFileGrants})
		}
	}
}
