package audit

import (
	"fmt"
	"strconv"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

var bodyLimitCrash = &Rule{
	ID: "WC206", Name: "body-limit-crash", Severity: Error, Category: CategoryUpgrade, Since: unreleased,
	Summary: "a large upload crashes the daemon process",
	Why: "Before mod_wsgi 4.9.4 a daemon process knows the LimitRequestBody of the main server only, or Apache's default " +
		"of 1 GiB since 2.4.54. Apache lets a larger body pass where a virtual host or section allows it, and the daemon " +
		"process crashes when it reads beyond its own limit: the client gets 500, and so do the other requests of that process.",
	Remedy:   "Upgrade mod_wsgi, or write LimitRequestBody 0 outside of all virtual hosts and the limits into their sections.",
	Link:     "https://modwsgi.readthedocs.io/en/latest/release-notes/version-4.9.4.html",
	Releases: modwsgi.Span{Removed: modwsgi.MustParseRelease("4.9.4")},
	Bad: `
LimitRequestBody 1048576
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
<Location />
LimitRequestBody 104857600
</Location>`,
	Good: `
LimitRequestBody 0
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
<Location />
LimitRequestBody 104857600
</Location>`,
	Check: checkBodyLimitCrash,
}

func checkBodyLimitCrash(p *Pass) {
	ofDaemons, by := p.bodyLimitOfDaemons()
	if p.Release.IsZero() || ofDaemons == 0 {
		return
	}
	for _, a := range p.Applications {
		d := a.InEffect("LimitRequestBody")
		if a.Mode != wsgi.DaemonMode || d == nil || conf.HasMark(d.Args) {
			continue
		}
		if limit := bodyLimit(d.Word(0)); limit == 0 || limit > ofDaemons {
			p.Report(d, Finding{Message: fmt.Sprintf("a body of more than %d bytes crashes the daemon process of %s", ofDaemons, a.Name()), Needs: by})
		}
	}
}

// limitedSince is the release of Apache 2.4 that has a limit unless one is set.
const limitedSince = 54

// bodyLimitOfDaemons is the limit that daemon processes know, and the directive that
// sets it, if one does; 0 is for none, or where it is not known.
func (p *Pass) bodyLimitOfDaemons() (limit int64, by []*conf.Directive) {
	if d := p.Main().Last("LimitRequestBody"); d != nil {
		return bodyLimit(d.Word(0)), []*conf.Directive{d}
	}
	if p.Config.ReleaseAtLeast(limitedSince) != expr.True {
		return 0, nil
	}
	return 1 << 30, nil
}

func bodyLimit(text string) int64 {
	limit, _ := strconv.ParseInt(text, 10, 64)
	return limit
}
