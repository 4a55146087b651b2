package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/modwsgi"
)

var socketTimeoutOrder = &Rule{
	ID: "WC132", Name: "socket-timeout-order", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "requests may wait in the queue for longer than Apache waits for the daemon",
	Why: "Apache gives up after socket-timeout and answers 504. The request stays in the queue, and the daemon works on " +
		"it although nobody waits for the answer any more: after an overload all its time goes into that.",
	Remedy: "Set queue-timeout below socket-timeout, and both at most to what a proxy in front waits.",
	Link:   guides + "request-pipeline.html",
	Bad: `
WSGIDaemonProcess shop queue-timeout=60 socket-timeout=30
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop queue-timeout=45 socket-timeout=60
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkSocketTimeoutOrder,
}

func checkSocketTimeoutOrder(p *Pass) {
	for _, group := range p.Daemons {
		queue, _ := group.Number("queue-timeout")
		socket, _ := group.Number("socket-timeout")
		what := "socket-timeout"
		if socket == 0 {
			socket, what = p.apacheTimeout(), "Timeout"
		}
		if queue > 0 && socket > 0 && queue >= socket {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("requests to the daemon process group %s may wait for %d seconds, and Apache gives up after %s %d", group.Name, queue, what, socket),
				Option:  "queue-timeout",
			})
		}
	}
}

// apacheTimeout is Apache's Timeout in seconds, where the text tells it; else 0.
func (p *Pass) apacheTimeout() int {
	seconds := 0
	for d := range p.All("Timeout") {
		if d.Parent != nil || d.Unknown != nil {
			return 0 // not the same for all
		}
		seconds = modwsgi.Number(d.Word(0))
	}
	return seconds
}
