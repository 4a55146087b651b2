package audit

import "github.com/wsgictl/wsgictl/modwsgi"

var verboseDebugging = &Rule{
	ID: "WC202", Name: "verbose-debugging", Severity: Info, Category: CategoryUpgrade, Since: unreleased,
	Summary:  "WSGIVerboseDebugging has no effect any more",
	Why:      "mod_wsgi 6 accepts it and does nothing with it: the levels of Apache's log have taken its place.",
	Remedy:   "Remove it; while looking for an error write LogLevel warn wsgi:debug.",
	Link:     "https://modwsgi.readthedocs.io/en/latest/release-notes.html",
	Releases: modwsgi.Span{Since: modwsgi.MustParseRelease("6.0.0")},
	Bad: `
WSGIVerboseDebugging On
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkVerboseDebugging,
}

func checkVerboseDebugging(p *Pass) {
	if p.Release.IsZero() {
		return
	}
	for d := range p.All("WSGIVerboseDebugging") {
		f := Finding{Message: "mod_wsgi 6 does nothing with it"}
		if isEditable(d) {
			f.Fix = p.fixOf(true, "remove the directive", removeDirective(d))
		}
		p.Report(d, f)
	}
}
