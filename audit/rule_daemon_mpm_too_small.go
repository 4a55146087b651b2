package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

var daemonMPMTooSmall = &Rule{
	ID: "WC197", Name: "daemon-mpm-too-small", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "Apache cannot hand out as many requests as the daemons could work on",
	Why: "Each request that a daemon works on holds one of Apache's own workers too, as does each static file and each " +
		"idle connection of prefork. The threads beyond MaxRequestWorkers never get anything to do.",
	Remedy: "Set MaxRequestWorkers to at least one and a half times the threads of all daemons, or make these fewer.",
	Link:   modesGuide,
	Bad: `
MaxRequestWorkers 20
WSGIDaemonProcess shop processes=5 threads=15
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
MaxRequestWorkers 150
WSGIDaemonProcess shop processes=5 threads=15
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkDaemonMPMTooSmall,
}

func checkDaemonMPMTooSmall(p *Pass) {
	var largest *conf.Directive
	for d := range p.All("MaxRequestWorkers", "MaxClients") { // one for each MPM, of which one is in use
		if largest == nil || modwsgi.Number(d.Word(0)) > modwsgi.Number(largest.Word(0)) {
			largest = d
		}
	}
	threads := 0
	for _, group := range p.Daemons {
		processes, set := group.Number("processes")
		if !set {
			processes = 1
		}
		threads += max(processes, 1) * group.Threads()
	}
	if largest != nil && !conf.HasMark(largest.Args) && modwsgi.Number(largest.Word(0)) < threads {
		p.Report(largest, Finding{Message: fmt.Sprintf("the daemons have %d threads, and Apache works on %d requests at most", threads, modwsgi.Number(largest.Word(0)))})
	}
}
