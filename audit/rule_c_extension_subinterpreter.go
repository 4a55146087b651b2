package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var cExtensionSubinterpreter = &Rule{
	ID: "WC112", Name: "c-extension-subinterpreter", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "an application has a daemon of its own and does not use its main interpreter",
	Why: "Extensions in C such as numpy, psycopg, lxml and cryptography are written for the main interpreter. In another " +
		"one they may crash, refuse to be imported, or hang the request for ever. There is a fix where the group is declared " +
		"above the alias and outside of virtual hosts: an alias with both groups is loaded when the group starts, which mod_wsgi may refuse elsewhere (WC106).",
	Remedy: "Set application-group=%{GLOBAL} on the alias, or WSGIApplicationGroup %{GLOBAL}, with one application per daemon process group.",
	Link:   appGuide,
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Check: checkCExtensionSubinterpreter,
}

func checkCExtensionSubinterpreter(p *Pass) {
	if gil := p.Main().Last("WSGIPerInterpreterGIL"); gil != nil && strings.EqualFold(gil.Word(0), "On") {
		return // sub-interpreters are what is wanted
	}
	for _, a := range p.Applications {
		if a.Mode != wsgi.DaemonMode || a.ApplicationGroup == "" || p.isRefused(a.Daemon.Directive) || p.IsShared(a.Daemon) || strings.HasPrefix(a.ApplicationGroup, "%{ENV:") || conf.IsMark(a.ApplicationGroup) {
			continue
		}
		f := Finding{Message: fmt.Sprintf("%s runs in the interpreter %s of its daemon, not in the main one", a.Name(), a.ApplicationGroup)}
		if a.Alias != nil && !a.Alias.Options.Has("application-group") && p.isDeclaredAbove(a.Daemon, a.Via) {
			f.Fix = p.fixByText(false, "add application-group=%{GLOBAL}", a.Via, "application-group=%{GLOBAL}")
		}
		p.Report(a.Via, f)
	}
}
