package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var preloadOrder = &Rule{
	ID: "WC106", Name: "preload-order", Severity: Error, Category: CategoryMode, Since: unreleased,
	StopsStart: true,
	Summary:    "a script is to be preloaded into a process group that is not known at that line",
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
	for d := range p.InOrder() {
		order.see(d)
		script, ok := asPreload(d)
		if !ok {
			continue
		}
		message, why := order.refusal(script)
		group := p.Daemon(script.group)
		if message == "" || conf.HasMark(script.group) || p.HasMarkedGroup() || group == nil && !p.Config.Complete {
			continue
		}
		f := Finding{Message: fmt.Sprintf("Apache does not start: %s: %s", trimDot(message), why), Option: "process-group"}
		if group != nil {
			f.Needs = []*conf.Directive{group.Directive}
		}
		p.Report(d, f)
	}
}

// preloads tells whether the configuration preloads any script.
func (p *Pass) preloads() bool {
	for d := range p.All("WSGIImportScript", "WSGIScriptAlias", "WSGIScriptAliasMatch") {
		if _, ok := asPreload(d); ok {
			return true
		}
	}
	return false
}

func trimDot(text string) string { return text[:len(text)-1] }

// startOrder plays the lines of the configuration in their order, as httpd
// carries them out, for what depends on what stands above.
type startOrder struct {
	declared map[string]*conf.Directive // WSGIDaemonProcess by name, so far
	names    map[*conf.Directive]string // ServerName so far, by <VirtualHost>; nil is the main server
}

// refusal is what mod_wsgi says of a preload at this point and why; "" when it
// accepts it.
func (o *startOrder) refusal(p preload) (message, why string) {
	daemon := o.declared[p.group]
	if daemon == nil {
		return "WSGI process group not yet configured.", "no WSGIDaemonProcess " + p.group + " stands above it"
	}
	own, theirs := o.names[p.Directive.VirtualHost()], o.names[daemon.VirtualHost()]
	switch {
	case daemon.VirtualHost() == nil:
		return "", ""
	case own != "" && theirs != "" && own != theirs:
		return "WSGI process group not accessible.", "the group belongs to the virtual host " + theirs
	case (own == "") != (theirs == ""):
		return "WSGI process group not matchable.", "ServerName stands below it"
	}
	return "", ""
}

// see takes note of a directive.
func (o *startOrder) see(d *conf.Directive) {
	switch {
	case d.Is("ServerName") && (d.Parent == nil || d.Parent.Is("<VirtualHost")):
		o.names[d.VirtualHost()] = d.Word(0)
	case d.Is("WSGIDaemonProcess") && o.declared[d.Word(0)] == nil:
		o.declared[d.Word(0)] = d
	}
}
