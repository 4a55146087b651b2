package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var scriptReloading = &Rule{
	ID: "WC232", Name: "script-reloading", Severity: Info, Category: CategoryDeploy, Since: unreleased,
	OffByDefault: true, // it is handy where nobody deploys by a command
	Summary:      "a script that is written takes effect by itself, whatever it holds",
	Why: "With WSGIScriptReloading On, the default, each process starts anew with the first request after the script's " +
		"time changed, while that request and all beside it wait. A script that does not load, or that is half copied, answers each request " +
		"with 500 until it is put right.",
	Remedy: "Write WSGIScriptReloading Off, and put new code live by \"wsgictl restart\".",
	Link:   directives + "WSGIScriptReloading.html",
	Bad: `
WSGIDaemonProcess shop processes=2
WSGIScriptReloading On
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Good: `
WSGIDaemonProcess shop processes=2
WSGIScriptReloading Off
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Check: checkScriptReloading,
}

func checkScriptReloading(p *Pass) {
	told, unset := map[*conf.Directive]bool{}, map[*conf.Server]bool{}
	for _, a := range p.Applications {
		set, may := a.InEffect("WSGIScriptReloading"), a.MayHave("WSGIScriptReloading")
		f := Finding{Message: fmt.Sprintf("%s takes effect as soon as it is written", a.Script)}
		switch {
		case a.Mode != wsgi.DaemonMode || set == nil && may: // not known
		case set == nil && p.Config.Complete && !unset[a.Server]:
			unset[a.Server] = true
			if isEditable(a.Via) && a.Alias != nil {
				f.Fix = p.fixOf(false, "write WSGIScriptReloading Off above it", insertBefore(a.Via, "WSGIScriptReloading Off"))
			}
			p.Report(a.Via, f)
		case set != nil && !told[set] && !strings.EqualFold(set.Word(0), "Off") && !conf.HasMark(set.Word(0)):
			told[set] = true
			if isEditable(set) {
				f.Fix = p.fixOf(false, "write WSGIScriptReloading Off", replaceDirective(set, set.Name+" Off"))
			}
			p.Report(set, f)
		}
	}
}
