package audit

import "fmt"

var chrootUsed = &Rule{
	ID: "WC186", Name: "chroot-used", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "a daemon process group is put into a chroot",
	Why: "mod_wsgi's authors advise against it: Python, its libraries and all that the application needs must be kept a " +
		"second time in there, and what is missing fails at the first import, or later.",
	Remedy: "Use a container, or the user= of the group with file permissions.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop chroot=/srv/jail
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop user=shop group=shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkChrootUsed,
}

func checkChrootUsed(p *Pass) {
	for _, group := range p.Daemons {
		if folder, ok := group.Options.Get("chroot"); ok {
			p.Report(group.Directive, Finding{Message: fmt.Sprintf("the daemon process group %s is put into %s", group.Name, folder), Option: "chroot"})
		}
	}
}
