package audit

import "fmt"

var memoryLimitPlatform = &Rule{
	ID: "WC137", Name: "memory-limit-platform", Severity: Info, Category: CategoryTimeouts, Since: unreleased,
	Summary: "a memory limit that the system does not know, or that counts something else",
	Why: "virtual-memory-limit has no effect on Linux. memory-limit counts what a process has mapped, not what it uses: " +
		"libraries and threads count in full, and beyond it the application gets MemoryError at any line.",
	Remedy: "Limit the memory of the service with systemd (MemoryMax=) or a container.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop virtual-memory-limit=1000000000
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkMemoryLimitPlatform,
}

func checkMemoryLimitPlatform(p *Pass) {
	for _, group := range p.Daemons {
		if name := firstAboveZero(group, "memory-limit", "virtual-memory-limit"); name != "" {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("%s of the daemon process group %s does not limit the memory that it uses", name, group.Name), Option: name,
			})
		}
	}
}
