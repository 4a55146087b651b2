package audit

import (
	"fmt"
	"strings"
)

var logLevelHigh = &Rule{
	ID: "WC191", Name: "log-level-high", Severity: Warning, Category: CategoryStyle, Since: unreleased,
	Summary: "the error log gets debugging messages",
	Why: "At debug and above Apache logs headers, paths and parts of what is sent, which is slow, fills the disk, and " +
		"keeps data of users where nobody looks after it.",
	Remedy: "Write LogLevel warn, with wsgi:info for what mod_wsgi does.",
	Link:   "https://httpd.apache.org/docs/2.4/mod/core.html#loglevel",
	Bad: `
LogLevel debug
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
LogLevel warn wsgi:info
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkLogLevelHigh,
}

func checkLogLevelHigh(p *Pass) {
	for d := range p.All("LogLevel") {
		if !p.hosts() {
			return
		}
		var room [8]string
		for _, word := range d.WordsIn(&room) {
			level := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(word), "wsgi:"), "wsgi_module:")
			if level == "debug" || strings.HasPrefix(level, "trace") {
				p.Report(d, Finding{Message: fmt.Sprintf("LogLevel %s logs what is meant for debugging", word)})
				break
			}
		}
	}
}
