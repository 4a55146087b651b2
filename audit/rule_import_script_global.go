package audit

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var importScriptGlobal = &Rule{
	ID: "WC125", Name: "import-script-global", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "a script is imported into Apache's own processes, although all applications run in daemons",
	Why: "WSGIImportScript with process-group=%{GLOBAL} makes each of Apache's own processes start Python and run the " +
		"script, also where WSGIRestrictEmbedded is On. The daemons do not get to see it.",
	Remedy: "Name the daemon process group that is to import it.",
	Link:   directives + "WSGIImportScript.html",
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
WSGIImportScript /srv/shop/warm.py process-group=%{GLOBAL} application-group=%{GLOBAL}`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
WSGIImportScript /srv/shop/warm.py process-group=shop application-group=%{GLOBAL}`,
	Check: checkImportScriptGlobal,
}

func checkImportScriptGlobal(p *Pass) {
	for _, script := range p.Imports {
		if name, _ := script.Options.Get("process-group"); name != "%{GLOBAL}" || !p.AllDaemon() {
			continue
		}
		f := Finding{Message: "Apache's own processes import the script, and no application runs in them", Option: "process-group"}
		if len(p.Daemons) == 1 {
			f.Fix = p.importInto(script, p.Daemons[0].Name)
		}
		p.Report(script.Directive, f)
	}
}

// importInto is the fix that has a group import a script; nil where none can be written.
func (p *Pass) importInto(script *wsgi.Import, group string) *Fix {
	name, err := conf.Argument(group)
	if err != nil {
		return nil
	}
	edit, ok := replaceOption(script.Directive, "process-group", name)
	if !ok {
		return nil
	}
	return p.fixOf(false, "import it into "+group, edit)
}
