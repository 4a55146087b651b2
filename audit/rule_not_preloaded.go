package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var notPreloaded = &Rule{
	ID: "WC230", Name: "not-preloaded", Severity: Info, Category: CategoryDeploy, Since: unreleased,
	OffByDefault: true, // it matters to who puts code live while clients ask
	Summary:      "each new process loads the application while its first client waits",
	Why: "mod_wsgi loads a script when a process starts where WSGIScriptAlias has both process-group= and " +
		"application-group=, or WSGIImportScript names it. Otherwise the first request does it: after each restart, reload and " +
		"replacement of a process somebody waits as long as the import takes, and \"wsgictl restart\" cannot know when a process is ready.",
	Remedy: "Give the alias process-group= and application-group=%{GLOBAL}.",
	Link:   directives + "WSGIImportScript.html",
	Bad: `
WSGIDaemonProcess shop processes=2
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop processes=2
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}`,
	Check: checkNotPreloaded,
}

func checkNotPreloaded(p *Pass) {
	imported := map[string]bool{}
	for _, script := range p.Imports {
		group, _ := script.Options.Get("process-group")
		imported[group+"\x00"+script.Script] = true
	}
	told := map[*conf.Directive]bool{}
	for _, a := range p.Applications {
		if a.Mode != wsgi.DaemonMode || a.Alias == nil || a.Alias.IsMatch || a.Settings().Request.Folder || told[a.Alias.Directive] ||
			imported[a.Daemon.Name+"\x00"+a.Script] {
			continue
		}
		told[a.Alias.Directive] = true
		if _, is := asPreload(a.Alias.Directive); is {
			continue
		}
		f := Finding{Message: fmt.Sprintf("the processes of the group %s load %s with the first request that each gets", a.Daemon.Name, a.Script)}
		if words := missingToPreload(a); words != "" {
			f.Fix = p.fixByText(false, "add "+words, a.Alias.Directive, words)
		}
		p.Report(a.Alias.Directive, f)
	}
}

// missingToPreload are the options that have mod_wsgi load the script of an alias when a
// process starts, in the group and interpreter that it runs in; empty where there are
// others already, which only a person can change.
func missingToPreload(a *wsgi.Application) string {
	var words []string
	if !a.Alias.Options.Has("process-group") {
		words = append(words, "process-group="+a.Daemon.Name)
	}
	if !a.Alias.Options.Has("application-group") && a.ApplicationGroup == "" {
		words = append(words, "application-group=%{GLOBAL}")
	}
	if len(words) == 0 || !a.Alias.Options.Has("application-group") && a.ApplicationGroup != "" || conf.HasMark(a.Daemon.Name) || strings.ContainsAny(a.Daemon.Name, " \t\"'\\") {
		return ""
	}
	return strings.Join(words, " ")
}
