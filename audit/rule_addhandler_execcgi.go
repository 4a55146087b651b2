package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

var addhandlerExecCGI = &Rule{
	ID: "WC162", Name: "addhandler-execcgi", Severity: Error, Category: CategoryAccess, Since: unreleased,
	Summary: "a handler leads to WSGI scripts where Options has no ExecCGI",
	Why:     "Each request is answered with 403: \"Options ExecCGI is off in this directory\" (WSGI0134).",
	Remedy:  "Write Options +ExecCGI beside the handler, or mount the script with WSGIScriptAlias, which does not need it.",
	Link:    configGuide,
	Bad: `
DocumentRoot /srv/www
<Directory /srv/www>
AddHandler wsgi-script .wsgi
</Directory>`,
	Good: `
DocumentRoot /srv/www
<Directory /srv/www>
Options +ExecCGI
AddHandler wsgi-script .wsgi
</Directory>`,
	Check: checkAddhandlerExecCGI,
}

func checkAddhandlerExecCGI(p *Pass) {
	for _, a := range p.Applications {
		if a.Alias != nil || a.Handler == nil || a.Via.Is("WSGIHandlerScript") || a.Settings().Request.File == "" || a.Settings().Allows("ExecCGI") != expr.False {
			continue
		}
		f := Finding{Message: fmt.Sprintf("Options has no ExecCGI for %s: requests get 403", a.Script)}
		if isEditable(a.Handler) && a.Handler.Parent != nil && a.Handler.Parent.Is("<Directory") {
			f.Fix = p.fixOf(false, "write Options +ExecCGI", insertBefore(a.Handler, "Options +ExecCGI"))
		}
		p.Report(a.Handler, f)
	}
}
