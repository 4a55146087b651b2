package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

var timeoutsUnset = &Rule{
	ID: "WC109", Name: "timeouts-unset", Severity: Warning, Category: CategoryTimeouts, Since: unreleased,
	Summary: "a daemon process group lacks timeouts",
	Why: "For reasons of history most timeouts are off unless they are set. A request that hangs then holds its thread " +
		"for ever, and when the last thread is gone the application answers nobody until someone restarts Apache.",
	Remedy: "Set the timeouts of the recommended profile; raise them where uploads, reports or long polling take longer.",
	Link:   guides + "request-pipeline.html",
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop request-timeout=60 queue-timeout=45 socket-timeout=60 startup-timeout=15 deadlock-timeout=60 connect-timeout=15 graceful-timeout=15 shutdown-timeout=5
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkTimeoutsUnset,
}

// offByDefault are the timeouts without which a hung application stays hung.
var offByDefault = []string{"request-timeout", "queue-timeout", "socket-timeout", "startup-timeout"}

func checkTimeoutsUnset(p *Pass) {
	for _, group := range p.Daemons {
		settings := p.missingTimeouts(group)
		var unset []string // of those that the release has
		for _, name := range offByDefault {
			if slices.ContainsFunc(settings, func(s modwsgi.Setting) bool { return s.Name == name }) {
				unset = append(unset, name)
			}
		}
		if len(unset) == 0 || group.IsService() {
			continue
		}
		missing := writeOptions(settings)
		f := Finding{
			Message: fmt.Sprintf("the daemon process group %s has no %s", group.Name, strings.Join(unset, ", ")),
			Help:    "Add " + missing + ".",
		}
		f.Fix = p.fixByText(false, "add the recommended timeouts", group.Directive, missing)
		p.Report(group.Directive, f)
	}
}

// missingTimeouts are the timeouts of the profile that a group does not set.
func (p *Pass) missingTimeouts(group *wsgi.Daemon) []modwsgi.Setting {
	var missing []modwsgi.Setting
	for _, s := range p.profile(group.Threads()).settings {
		if strings.HasSuffix(s.Name, "-timeout") && !group.Options.Has(s.Name) {
			missing = append(missing, s)
		}
	}
	return missing
}
