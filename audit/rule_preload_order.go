package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var preloadOrder = &Rule{
	ID: "WC106", Name: "preload-order", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "a script is to be preloaded into a process group that is not known at that line",
	Why: "mod_wsgi loads a WSGIImportScript, and an alias with both process-group= and application-group=, when the " +
		"group starts. For these it wants the WSGIDaemonProcess, and the ServerName of the virtual host, above. " +
		"Apache does not start otherwise.",
	Remedy: "Put ServerName first and WSGIDaemonProcess above the line; the order of included files counts as well.",
	Link:   issuesGuide,
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}
WSGIDaemonProcess shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Check: checkPreloadOrder,
}

func checkPreloadOrder(p *Pass) {
	if len(p.Daemons) == 0 && !p.Config.Complete {
		return // declared in another part of the configuration
	}
	if !p.preloads() {
		return
	}
	order := startOrder{declared: map[string]*conf.Directive{}, names: map[*conf.Directive]string{}}
	for d := range p.Config.All() {
		order.see(d)
		script, ok := asPreload(d)
		if !ok || p.httpd.IsNever(d.Unknown) {
			continue
		}
		message, why := order.problem(script)
		group := p.groups[script.group]
		if message == "" || conf.HasMark(script.group) || p.hasMarkedGroup() || group == nil && !p.Config.Complete || group != nil && p.httpd.Undecided(group.Unknown, d.Unknown) != nil {
			continue
		}
		p.Report(d, Finding{Message: fmt.Sprintf("Apache does not start: %s: %s", trimDot(message), why), Option: "process-group"})
	}
}

// preloads tells whether the configuration preloads any script.
func (v *View) preloads() bool {
	for d := range v.All("WSGIImportScript", "WSGIScriptAlias", "WSGIScriptAliasMatch") {
		if _, ok := asPreload(d); ok {
			return true
		}
	}
	return false
}

func trimDot(text string) string { return text[:len(text)-1] }
