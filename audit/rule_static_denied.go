package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/wsgi"
)

var staticDenied = &Rule{
	ID: "WC224", Name: "static-denied", Severity: Error, Category: CategoryAccess, Since: unreleased,
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
	hosts, granted := p.hosting(), make([]bool, len(p.Servers))
	for _, a := range p.Applications {
		if !p.Config.Complete && a.Settings().Request.File != "" && a.Settings().IsGranted() {
			granted[a.Server.Index] = true
		}
	}
	denies := p.deniesAnything()
	p.eachServer(func(p *Pass, s *wsgi.Server) {
		n := s.Index
		if !hosts[n] || !denies && !granted[n] {
			return
		}
		for _, d := range s.Level {
			if d.Is("Alias") && !s.Grants(d.Word(1)) {
				p.checkStatic(s, d, granted[n])
			}
		}
	})
}

func (p *Pass) checkStatic(s *wsgi.Server, d *conf.Directive, needed bool) {
	var room [8]string
	words := d.WordsIn(&room)
	if len(words) != 2 {
		return // of a Location
	}
	set := s.Sample(conf.Request{URI: words[0], File: words[1], Folder: true}, request.Client{Host: s.Name, HTTPS: expr.Unknown}, d.Unknown, d)
	switch denied := set.DeniedBy(); {
	case denied != nil:
		p.Report(d, Finding{Message: fmt.Sprintf("%s denies access to %s", placeOf(denied, d), words[1]), Unless: OtherFileGrants})
	case needed && !mayBeGranted(words[1]) && !set.IsGranted():
		p.Report(d, Finding{Message: fmt.Sprintf("servers deny the whole file system, and nothing here grants access to %s", words[1]), Unless: OtherFileGrants})
	}
}
