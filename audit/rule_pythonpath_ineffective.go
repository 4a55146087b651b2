package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var pythonpathIneffective = &Rule{
	ID: "WC145", Name: "pythonpath-ineffective", Severity: Warning, Category: CategoryLocale, Since: unreleased,
	Summary: "a setting for embedded mode, while all applications run in daemons",
	Why: "WSGIPythonPath and WSGIServerMetrics hold for Apache's own processes alone. The daemons do not " +
		"get them, and nobody says so.",
	Remedy: "Write the option of WSGIDaemonProcess that does the same: python-path=, server-metrics=.",
	Link:   daemonPage,
	Bad: `
WSGIPythonPath /srv/shop
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop python-path=/srv/shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkPythonpathIneffective,
}

// forDaemons are directives for embedded mode, and the options that do the same
// for a daemon process group. WSGIPythonEggs is WC152's: nobody needs it.
var forDaemons = map[string]string{
	"WSGIPythonPath": "python-path", "WSGIServerMetrics": "server-metrics",
}

func checkPythonpathIneffective(p *Pass) {
	if !p.AllDaemon() || p.runsInApache() {
		return
	}
	for d := range p.All("WSGIPythonPath", "WSGIServerMetrics") {
		option := forDaemons[d.Name]
		if d.Parent != nil || p.allHave(option) {
			continue // <WSGIInterpreterOptions> is for daemons too, or both are written
		}
		f := Finding{
			Message: fmt.Sprintf("%s has no effect on daemons", d.Name),
			Help:    fmt.Sprintf("Write %s=%s on WSGIDaemonProcess.", option, d.Args),
		}
		if len(p.Daemons) == 1 {
			f.Fix = p.moveToOption(d, p.Daemons[0].Directive, option)
		}
		p.Report(d, f)
	}
}

// moveToOption is the fix that writes an option in the place of a directive.
func (p *Pass) moveToOption(d, group *conf.Directive, option string) *Fix {
	args, ok := movableArgs(d, group)
	if !ok || !isEditable(d) || !takesMore(group) {
		return nil
	}
	return p.fixOf(false, "move it to "+option+"=", removeDirective(d), appendText(group, option+"="+args))
}

// allHave tells whether all groups have an option.
func (p *Pass) allHave(option string) bool {
	for _, group := range p.Daemons {
		if !group.Options.Has(option) {
			return false
		}
	}
	return true
}
