package audit

import (
	"fmt"
	"slices"
	"strings"
)

var daemonWithoutFolder = &Rule{
	ID: "WC227", Name: "daemon-without-folder", Severity: Error, Category: CategoryMode, Since: unreleased, LooksAtHost: true,
	Summary: "the processes of a daemon process group cannot enter their working folder",
	Why: "A daemon process enters the folder that home= names; without home=, and where user= is not the user of Apache, the " +
		"home of that account. Where it cannot, the process exits, 20 s later another one does (WSGI0009, WSGI0010; \"Unable to " +
		"change working directory\"), and requests wait until 504. Accounts made for services often have a home that is not " +
		"there, such as /nonexistent. The accounts are those of this host, or of --root.",
	Remedy: "Name a folder that the user may enter with home=: that of the application.",
	Link:   daemonPage,
	Check:  checkDaemonWithoutFolder,
}

// serverAccounts are the accounts that Apache itself runs as somewhere. A part of
// a configuration does not tell which one it is, and for that one no home counts.
var serverAccounts = []string{"www-data", "apache", "httpd", "http", "www", "wwwrun", "daemon", "nobody", "_www"}

// checkDaemonWithoutFolder goes by the accounts of the host. A part of a
// configuration may be for another host, on which home= is there, too.
func checkDaemonWithoutFolder(p *Pass) {
	if p.CannotEnter == nil {
		return
	}
	apache := ""
	if user := p.Main().Last("User"); user != nil {
		apache = user.Word(0)
	}
	for _, group := range p.Daemons {
		user, named := group.Options.Get("user")
		home, hasHome := group.Options.Get("home")
		option := "home"
		if !hasHome {
			option = "user"
		}
		if !named {
			user = apache
		}
		if !p.Config.Complete && (hasHome || slices.Contains(serverAccounts, user)) {
			continue
		}
		if _, chroot := group.Options.Get("chroot"); chroot || strings.Contains(home+user, "${") {
			continue
		}
		if problem := p.CannotEnter(user, home, apache); problem != "" {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("the processes of the daemon process group %s cannot start: %s", group.Name, problem), Unless: OtherHost, Option: option,
			})
		}
	}
}
