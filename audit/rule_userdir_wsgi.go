package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/wsgi"
)

var userdirWSGI = &Rule{
	ID: "WC164", Name: "userdir-wsgi", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "users run WSGI scripts from their own folders",
	Why: "Their code runs as Apache's user or the daemon's, not as theirs: each of them may read what the others and " +
		"Apache may, and by default it runs embedded.",
	Remedy: "Give each user a daemon process group with user= and script-user=, chosen by WSGIProcessGroup in a section of their folder, and list it in WSGIRestrictProcess.",
	Link:   modesGuide,
	Bad: `
<Directory /home/*/public_html>
Options +ExecCGI
AddHandler wsgi-script .wsgi
</Directory>`,
	Good: `
<Directory /srv/www>
Options +ExecCGI
AddHandler wsgi-script .wsgi
</Directory>`,
	Check: checkUserdirWSGI,
}

func checkUserdirWSGI(p *Pass) {
	for d := range p.All("AddHandler", "SetHandler", "AddType", "ForceType") {
		if name, _ := wsgi.HandlerOf(d); !wsgi.IsScriptHandler(name) {
			continue
		}
		for _, section := range d.Parent.Nesting() {
			word := section.Word(0)
			if strings.HasPrefix(section.Name, "<Directory") && (strings.HasPrefix(word, "/home/*") || strings.Contains(word, "public_html")) {
				p.Report(d, Finding{Message: "scripts below " + word + " run as applications"})
			}
		}
	}
}
