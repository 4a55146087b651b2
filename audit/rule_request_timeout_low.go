package audit

import (
	"fmt"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
)

var requestTimeoutLow = &Rule{
	ID: "WC131", Name: "request-timeout-low", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "request-timeout is so low that ordinary requests end a process",
	Why: "It is no deadline for one request but the point at which the whole process counts as stuck: it is replaced, " +
		"with all the requests that it is working on. One slow report or upload is enough.",
	Remedy: "Set it to several times what the slowest request takes, 60 to begin with.",
	Link:   guides + "request-pipeline.html",
	Bad: `
WSGIDaemonProcess shop threads=5 request-timeout=3
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop threads=5 request-timeout=23
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkRequestTimeoutLow,
}

func checkRequestTimeoutLow(p *Pass) {
	release := p.Release
	if release.IsZero() {
		release = modwsgi.Newest // where the same value lasts longest
	}
	for _, group := range p.Daemons {
		value, _ := group.Number("request-timeout")
		interrupt, _ := group.Number("interrupt-timeout")
		if value <= 0 || interrupt != 0 || group.IsService() {
			continue
		}
		recovery := modwsgi.RequestTimeout{Release: release, Threads: group.Threads(), Value: value}.Recovery()
		if recovery < 10*time.Second {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("a process of the daemon process group %s is replaced when it is busy for %.0f seconds", group.Name, recovery.Seconds()),
				Option:  "request-timeout",
			})
		}
	}
}
