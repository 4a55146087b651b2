package audit

import (
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var importGroupMismatch = &Rule{
	ID: "WC126", Name: "import-group-mismatch", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "an application is preloaded into another interpreter than the one that serves it",
	Why: "The script is loaded twice: once at start, for nothing, and once by the first request, which still waits for " +
		"it. No %{…} but %{GLOBAL} is replaced in the options of WSGIImportScript.",
	Remedy: "Give WSGIImportScript the process group and the application group of the application.",
	Link:   directives + "WSGIImportScript.html",
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}
WSGIImportScript /srv/shop/app.wsgi process-group=shop application-group=shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}
WSGIImportScript /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Check: checkImportGroupMismatch,
}

func checkImportGroupMismatch(p *Pass) {
	for _, script := range p.Imports {
		served, preloaded := p.servedBy(script)
		if served == nil || preloaded {
			continue
		}
		p.Report(script.Directive, Finding{Message: fmt.Sprintf("%s runs in the process group %s and the application group %s",
			served.Name(), shownGroup(served.ProcessGroup), shownGroup(served.ApplicationGroup))})
	}
}

// servedBy is the application whose script is imported, and whether the
// interpreter that serves it, or may, is one that imports it.
func (p *Pass) servedBy(script *wsgi.Import) (served *wsgi.Application, preloaded bool) {
	process, _ := script.Options.Get("process-group")
	application, _ := script.Options.Get("application-group")
	for _, a := range p.Applications {
		if path.Clean(a.Script) != path.Clean(script.Script) {
			continue
		}
		served = a
		// %{RESOURCE} and %{SERVER} are names that the text may hold as well, but never the main interpreter.
		isNamed := a.ApplicationGroup == "%{RESOURCE}" || a.ApplicationGroup == "%{SERVER}"
		isKnown := !strings.HasPrefix(a.ApplicationGroup, "%") || isNamed && application == "%{GLOBAL}"
		isMarked := conf.HasMark(process + application + a.ProcessGroup + a.ApplicationGroup)
		isSure := !isMarked && (a.Mode == wsgi.DaemonMode || a.Mode == wsgi.Embedded) && isKnown
		if !isSure || shownGroup(a.ProcessGroup) == process && shownGroup(a.ApplicationGroup) == application {
			return a, true
		}
	}
	return served, false
}

// shownGroup is the name of a group as it is written: the empty one is
// %{GLOBAL}.
func shownGroup(name string) string {
	if name == "" {
		return "%{GLOBAL}"
	}
	return name
}
