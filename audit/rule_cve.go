package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
)

var cve = &Rule{
	ID: "WC204", Name: "cve", Severity: Error, Category: CategorySecurity, Since: unreleased,
	Summary:  "this release of mod_wsgi has published security holes",
	Why:      "How to use them is public. A distribution may have fixed them without another version number.",
	Remedy:   "Upgrade mod_wsgi, or see whether the distribution's changelog names them.",
	Link:     "https://modwsgi.readthedocs.io/en/latest/security-issues.html",
	Releases: modwsgi.Span{Removed: modwsgi.MustParseRelease("4.9.3")},
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
# nothing that uses mod_wsgi`,
	Check: checkCVE,
}

// holes are published security holes, and the release that closed each.
var holes = []struct {
	name  string
	fixed modwsgi.Release
}{
	{"CVE-2022-2255", modwsgi.MustParseRelease("4.9.3")}, // X-Client-IP is believed although the proxy is not trusted
	{"CVE-2014-8583", modwsgi.MustParseRelease("4.2.4")}, // groups are not dropped when a daemon starts
	{"CVE-2014-0240", modwsgi.MustParseRelease("3.5")},   // a failed setuid of a daemon goes unnoticed
	{"CVE-2014-0242", modwsgi.MustParseRelease("3.4")},   // memory of the process in Content-Type
}

func checkCVE(p *Pass) {
	var names []string
	for _, hole := range holes {
		if !p.Release.IsZero() && p.Release.Predates(hole.fixed) {
			names = append(names, hole.name)
		}
	}
	if d := p.firstUse(); d != nil && len(names) > 0 {
		p.Report(d, Finding{Message: fmt.Sprintf("mod_wsgi %s has %s", p.Release, strings.Join(names, ", "))})
	}
}
