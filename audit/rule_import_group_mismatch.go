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
	if len(p.Imports) == 0 {
		return
	}
	byScript := p.interpretersByScript()
	for _, script := range p.Imports {
		serving := byScript[path.Clean(script.Script)]
		if serving == nil || serving.mayBe(script) {
			continue
		}
		served := serving.last
		p.Report(script.Directive, Finding{Message: fmt.Sprintf("%s runs in the process group %s and the application group %s",
			served.Name(), shownGroup(served.ProcessGroup), shownGroup(served.ApplicationGroup))})
	}
}

// interpreters are those that serve the applications of one script.
type interpreters struct {
	last    *wsgi.Application
	isOpen  bool // one is not known
	isNamed bool // one is %{RESOURCE} or %{SERVER}, which is not known, but is not the main interpreter
	known   map[importedInto]bool
}

type importedInto struct{ process, application string }

func (p *Pass) interpretersByScript() map[string]*interpreters {
	byScript := map[string]*interpreters{}
	for _, a := range p.Applications {
		name := path.Clean(a.Script)
		serving := byScript[name]
		if serving == nil {
			serving = &interpreters{known: map[importedInto]bool{}}
			byScript[name] = serving
		}
		serving.include(a)
	}
	return byScript
}

func (i *interpreters) include(a *wsgi.Application) {
	i.last = a
	isDecided := a.Mode == wsgi.DaemonMode || a.Mode == wsgi.Embedded
	switch {
	case !isDecided || conf.HasMark(a.ProcessGroup+a.ApplicationGroup):
		i.isOpen = true
	case a.ApplicationGroup == "%{RESOURCE}" || a.ApplicationGroup == "%{SERVER}":
		i.isNamed = true
	case strings.HasPrefix(a.ApplicationGroup, "%"):
		i.isOpen = true
	}
	i.known[importedInto{shownGroup(a.ProcessGroup), shownGroup(a.ApplicationGroup)}] = true
}

// mayBe tells whether one of the interpreters is, or may be, the one that imports
// the script.
func (i *interpreters) mayBe(script *wsgi.Import) bool {
	process, _ := script.Options.Get("process-group")
	application, _ := script.Options.Get("application-group")
	return i.isOpen || conf.HasMark(process+application) ||
		i.isNamed && application != "%{GLOBAL}" || i.known[importedInto{process, application}]
}

// shownGroup is the name of a group as it is written: the empty one is
// %{GLOBAL}.
func shownGroup(name string) string {
	if name == "" {
		return "%{GLOBAL}"
	}
	return name
}
