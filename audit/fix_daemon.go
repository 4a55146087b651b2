package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// daemonFixer moves embedded applications into daemon process groups.
type daemonFixer struct {
	*facts
}

// fix gives the edits that make an embedded application run in a daemon
// process group: the one that runs the same script for another host, one that
// waits for it, or a new one with the recommended
// profile. It is nil where nothing can be written that names the group.
func (x daemonFixer) fix(a *wsgi.Application) *Fix {
	if !x.canJoin(a) {
		return nil
	}
	if other := x.elsewhere(a); other != nil {
		return x.joinElsewhere(a, other)
	}
	if group := x.waiting(a); group != nil {
		name, err := conf.Argument(group.Name)
		if err != nil {
			return nil
		}
		return &Fix{Description: "run it in the process group " + group.Name, edits: func() []FileEdit {
			return []FileEdit{x.join(a, name, x.joining()[group] == 1 && x.isDeclaredAbove(group, a.Via))}
		}}
	}
	place := x.placeFor(a)
	name, err := conf.Argument(x.newGroup(a))
	carried, ok := x.carried(place)
	if err != nil || !ok || !isEditable(place) {
		return nil
	}
	return &Fix{Description: "run it in a daemon process group of its own", edits: func() []FileEdit {
		threads := 5 // of the recommended profile
		return []FileEdit{insertBefore(place, wrap("WSGIDaemonProcess "+name, carried, x.profile(threads).words)...), x.join(a, name, true)}
	}}
}

// help says how to name the group that runs the same script, or waits for the
// application; empty where none does.
func (x daemonFixer) help(a *wsgi.Application) string {
	if a.ChosenBy != nil && !isByHandler(a) {
		return "Name a daemon process group there: the section chooses these requests, and where they run."
	}
	if other := x.elsewhere(a); other != nil {
		return helpElsewhere(a, other)
	}
	group := x.waiting(a)
	switch {
	case group == nil:
		return ""
	case takesGroup(a.Via):
		return fmt.Sprintf("Add process-group=%s: the group (%s) waits for it.", group.Name, at(group.Directive, a.Via))
	}
	return fmt.Sprintf("Write WSGIProcessGroup %s beside it: the group (%s) waits for it.", group.Name, at(group.Directive, a.Via))
}

// needsGroup tells an application that runs in no daemon process group, though
// nothing is wrong with one: it runs embedded, or would if that were allowed.
func needsGroup(a *wsgi.Application) bool {
	return a.Mode == wsgi.Embedded || a.IsEmbeddedRefused()
}

// canJoin tells whether a group can be named where an application is mounted: it
// takes a directive with that option, outside of macros. One that mounts applications
// of daemons, too, would take requests from the groups that they run in, and so would a part that a section chooses. Where only some
// groups are let in, the one to join is not among them, or it would be.
func (x daemonFixer) canJoin(a *wsgi.Application) bool {
	if a.MayHave("WSGIRestrictProcess") {
		return false
	}
	if isByHandler(a) {
		return isEditable(a.Handler)
	}
	if a.ChosenBy != nil {
		return false
	}
	return takesMore(a.Via) && takesGroup(a.Via) && !x.servesDaemons()[a.Via]
}

// isByHandler tells an application that SetHandler leads to, where nothing says
// which group it is to run in.
func isByHandler(a *wsgi.Application) bool {
	return a.Alias == nil && a.Handler != nil && a.Handler == a.Via && a.Handler.Is("SetHandler") && !isDecision(a)
}

// takesGroup tells the directives with a process-group option.
func takesGroup(via *conf.Directive) bool {
	return via.Is("WSGIScriptAlias") || via.Is("WSGIScriptAliasMatch") || via.Is("WSGIHandlerScript")
}

// waiting is the one group that the application's server may use and that no
// application runs in, or nil: also where another application asks for a group that
// is not declared, since it may be meant by a name that is not quite right.
func (x daemonFixer) waiting(a *wsgi.Application) *wsgi.Daemon {
	if x.asksForUnknownGroup() || x.elsewhere(a) != nil {
		return nil
	}
	return x.idle().only(a.Server.Name)
}

// findIdle are the groups that nothing runs in, and that would take requests for
// certain.
func (f *facts) findIdle() groupsByServer {
	var idle []*wsgi.Daemon
	for _, group := range f.Daemons {
		if !f.IsUsed(group) && !group.IsService() && group.Unknown == nil {
			idle = append(idle, group)
		}
	}
	return newGroupsByServer(idle)
}

// countJoining counts the embedded applications that each idle group waits for: the
// same one in several virtual hosts is one.
func (x daemonFixer) countJoining() map[*wsgi.Daemon]int {
	counts, seen := map[*wsgi.Daemon]int{}, map[groupKey]bool{}
	for _, a := range x.Applications {
		if !needsGroup(a) {
			continue
		}
		key := groupKeyOf(a)
		if group := x.waiting(a); group != nil && !seen[key] {
			seen[key] = true
			counts[group]++
		}
	}
	return counts
}

// join is the edit that names the group, as an argument: on the directive that mounts
// the application, or in the place where its handler is set. A group that is its own may as
// well run the application in the main interpreter, where every C extension works; but
// the scripts of a handler may be many, and each keeps an interpreter of its own.
func (x daemonFixer) join(a *wsgi.Application, name string, own bool) FileEdit {
	if isByHandler(a) {
		return insertBefore(a.Handler, "WSGIProcessGroup "+name)
	}
	if edit, ok := replaceOption(a.Via, "process-group", name); ok {
		return edit
	}
	text := "process-group=" + name
	if own && !wsgi.OptionsOf(a.Via).Has("application-group") && a.ApplicationGroup != "" {
		text += " application-group=%{GLOBAL}"
	}
	return appendText(a.Via, text)
}

// carried are the settings that only embedded applications take from
// directives, as the options that say the same for a group declared at a place.
// It is false where they cannot be written there.
func (x daemonFixer) carried(place *conf.Directive) ([]string, bool) {
	path := x.Main().Last("WSGIPythonPath")
	if path == nil {
		return nil, true
	}
	args, ok := movableArgs(path, place)
	return []string{"python-path=" + args}, ok
}

// placeFor is the directive before which the group of an application is
// declared: outside the virtual host, so that one for HTTPS, or the copy that
// certbot makes, does not declare it twice; and before the first virtual host
// of that name, since a group must be declared before it is preloaded.
func (x daemonFixer) placeFor(a *wsgi.Application) *conf.Directive {
	if !a.Server.IsVirtual() || !a.Via.IsWithin(a.Server.Section) {
		return outermost(a.Via)
	}
	for _, s := range x.Config.ServersNamed(a.Server.Name) {
		if isEditable(s.Section) {
			return s.Section
		}
	}
	return a.Server.Section
}

func outermost(d *conf.Directive) *conf.Directive {
	for d.Parent != nil {
		d = d.Parent
	}
	return d
}

// lineWidth is how long the lines of a long directive get at most.
const lineWidth = 100

// wrap writes a directive with many options as lines that continue.
func wrap(start string, options ...[]string) []string {
	var text strings.Builder // of all lines: a report of 10,000 fixes makes no text for each of them
	text.Grow(6 * lineWidth)
	text.WriteString(start)
	width := len(start)
	for _, list := range options {
		for _, option := range list {
			if width+1+len(option) > lineWidth {
				text.WriteString(" \\\n   ")
				width = len("   ")
			}
			text.WriteByte(' ')
			text.WriteString(option)
			width += 1 + len(option)
		}
	}
	return strings.Split(text.String(), "\n")
}

// isDecision tells whether someone wrote that the application is to run
// embedded, rather than nothing at all.
func isDecision(a *wsgi.Application) bool {
	if a.DecidedBy == nil {
		return false
	}
	if a.DecidedBy.Is("WSGIProcessGroup") {
		return true
	}
	return wsgi.OptionsOf(a.DecidedBy).Has("process-group")
}
