package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
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
	names, options, _ := splitOptions(d.Args, words)
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

// startOrder plays the lines of the configuration in their order, as httpd
// carries them out, for what depends on what stands above.
type startOrder struct {
	declared map[string]*conf.Directive // WSGIDaemonProcess by name, so far
	names    map[*conf.Directive]string // ServerName so far, by <VirtualHost>; nil is the main server
}

// problem is what mod_wsgi says of a preload at this point and why; "" when it
// accepts it.
func (o *startOrder) problem(p preload) (message, why string) {
	daemon := o.declared[p.group]
	if daemon == nil {
		return "WSGI process group not yet configured.", "no WSGIDaemonProcess " + p.group + " stands above it"
	}
	own, theirs := o.names[hostOf(p.Directive)], o.names[hostOf(daemon)]
	switch {
	case hostOf(daemon) == nil:
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
		o.names[hostOf(d)] = d.Word(0)
	case d.Is("WSGIDaemonProcess") && o.declared[d.Word(0)] == nil:
		o.declared[d.Word(0)] = d
	}
}

// hostOf is the <VirtualHost> around a directive, or nil.
func hostOf(d *conf.Directive) *conf.Directive { return d.Within("<VirtualHost") }

// inOrder numbers the groups and aliases in the order of the text, with what it
// includes.
func (v *View) inOrder() map[*conf.Directive]int {
	positions := map[*conf.Directive]int{}
	for d := range v.Config.All() {
		if d.Is("WSGIDaemonProcess") || d.Is("WSGIScriptAlias") || d.Is("WSGIScriptAliasMatch") {
			positions[d] = len(positions) + 1
		}
	}
	return positions
}

// isDeclaredAbove tells whether a group is declared in the main server and above
// an alias, so that mod_wsgi accepts the alias as one to preload.
func (v *View) isDeclaredAbove(group *Daemon, alias *conf.Directive) bool {
	return group != nil && group.Server.Section == nil && v.positions()[group.Directive] < v.positions()[alias]
}
