package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpdconf"
)

var staticDenied = &Rule{
	ID: "WC224", Name: "static-denied", Severity: Error,
	Summary: "nobody may read the files that an Alias leads to",
	Why: "Each request is answered with 403 (AH01630): the main configuration denies the whole file system, as that of every " +
		"distribution does, and no section grants access to the folder. The application is served without its stylesheets.",
	Remedy: "Add \"Require all granted\" in a <Directory> section for the folder.",
	Link:   configGuide,
	Bad: `
<Directory />
Require all denied
</Directory>
<Directory /srv/shop>
Require all granted
</Directory>
Alias /static /opt/shop/static
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
<Directory />
Require all denied
</Directory>
<Directory /srv/shop>
Require all granted
</Directory>
<Directory /opt/shop/static>
Require all granted
</Directory>
Alias /static /opt/shop/static
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkStaticDenied,
}

// checkStaticDenied looks at the aliases beside applications. Of a part of a
// configuration the denial itself is in another file: then an application with
// access of its own shows that one is needed.
func checkStaticDenied(p *Pass) {
	granted := map[*httpdconf.Server]bool{}
	for _, a := range p.Applications {
		granted[a.Server] = granted[a.Server] || a.asked.request.File != "" && a.asked.isGranted()
	}
	for _, s := range p.scopes {
		needed, hosts := granted[s.server]
		if !hosts {
			continue
		}
		for _, d := range s.level {
			if d.Is("Alias") && len(d.Words()) == 2 && undecided(d.Unknown, s.given()) == nil {
				p.checkStatic(s, d, needed)
			}
		}
	}
}

func (p *Pass) checkStatic(s *scope, d *httpdconf.Directive, needed bool) {
	i := inventory{view: p.View, scope: s}
	q := i.question(d.Word(0), d.Word(1), true, d)
	switch denied := q.deniedBy(); {
	case denied != nil && p.Config.Complete:
		p.Report(d, Finding{Message: fmt.Sprintf("%s denies access to %s", placeOf(denied, d), d.Word(1))})
	case denied != nil:
		p.ReportAs(Warning, d, Finding{Message: fmt.Sprintf("%s denies access to %s, unless another file grants it", placeOf(denied, d), d.Word(1))})
	case needed && !p.Config.Complete && !q.isGranted():
		p.ReportAs(Warning, d, Finding{Message: fmt.Sprintf("nothing grants access to %s, unless another file does: servers deny the whole file system", d.Word(1))})
	}
}
