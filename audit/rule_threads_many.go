package audit

import "fmt"

var threadsMany = &Rule{
	ID: "WC123", Name: "threads-many", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "a daemon process has more threads than Python can use",
	Why: "The threads of a process take turns at Python's one lock. Beyond some 25 they mostly wait for it, each request " +
		"takes longer, and all of them are lost at once when the process is replaced.",
	Remedy: "Use 5 to 15 threads, and more processes.",
	Link:   modesGuide,
	Bad: `
WSGIDaemonProcess shop threads=100
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop processes=5 threads=15
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkThreadsMany,
}

// usefulThreads is how many threads of one process may still do something
// while others wait for a database.
const usefulThreads = 25

func checkThreadsMany(p *Pass) {
	for d := range p.All("WSGIFreeThreading") {
		if d.IsOn() {
			return // Python without a lock
		}
	}
	for _, group := range p.Daemons {
		if n := group.Threads(); n > usefulThreads {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("each process of the daemon process group %s has %d threads", group.Name, n), Option: "threads",
			})
		}
	}
}
