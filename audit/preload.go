package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// preload is a script that mod_wsgi loads into a daemon when it starts, and for
// which it wants the group to be declared above: a WSGIImportScript, or an
// alias with both groups fixed (wsgi_add_import_script, wsgi_add_script_alias).
type preload struct {
	*conf.Directive
	group string
}

// asPreload tells whether a directive preloads a script into a group.
func asPreload(d *conf.Directive) (preload, bool) {
	words := 2
	switch {
	case d.Is("WSGIImportScript"):
		words = 1
	case !d.Is("WSGIScriptAlias") && !d.Is("WSGIScriptAliasMatch"):
		return preload{}, false
	}
	if !strings.Contains(d.Args, "=") {
		return preload{}, false // as most: without options
	}
	names, options := d.Words(), wsgi.OptionsOf(d)
	process, hasProcess := options.Get("process-group")
	application, hasApplication := options.Get("application-group")
	if len(names) < words || !hasProcess || !hasApplication || process == "%{GLOBAL}" {
		return preload{}, false
	}
	if d.Is("WSGIImportScript") {
		return preload{d, process}, true
	}
	application = strings.TrimPrefix(application, "%{GLOBAL}")
	open := strings.Contains(process, "%{") || strings.Contains(application, "%{") ||
		d.Is("WSGIScriptAliasMatch") && strings.Contains(names[1], "$")
	return preload{d, process}, !open
}

// inOrder numbers the groups and aliases in the order of the text, with what it
// includes.
func (f *facts) inOrder() map[*conf.Directive]int {
	positions := map[*conf.Directive]int{}
	for d := range f.Config.All() {
		if d.Is("WSGIDaemonProcess") || d.Is("WSGIScriptAlias") || d.Is("WSGIScriptAliasMatch") {
			positions[d] = len(positions) + 1
		}
	}
	return positions
}

// isDeclaredAbove tells whether a group is declared in the main server and above
// an alias, so that mod_wsgi accepts the alias as one to preload.
func (f *facts) isDeclaredAbove(group *wsgi.Daemon, alias *conf.Directive) bool {
	return group != nil && group.Server.Section == nil && f.positions()[group.Directive] < f.positions()[alias]
}
