package audit

import (
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/wsgi"
)

// newGroup is the name of the daemon process group that a fix makes for an embedded
// application. Virtual hosts of one name that serve the same script share a group,
// as those for HTTP and HTTPS do; others never do, or two applications would have one
// interpreter.
func (f *facts) newGroup(a *wsgi.Application) string { return f.newGroups()[groupKeyOf(a)] }

// groupKey tells the applications that get a group of their own apart.
type groupKey struct {
	name string // that the group would have if no other had it
	code string // the script, or the handler that leads to scripts
}

func groupKeyOf(a *wsgi.Application) groupKey {
	if isByHandler(a) {
		return groupKey{handlerGroupName(a), a.Handler.Pos().String()}
	}
	return groupKey{groupName(a), a.Script}
}

// nameNewGroups gives each embedded application a name that neither a group of the
// configuration nor another new one has.
func (f *facts) nameNewGroups() map[groupKey]string {
	names, taken := map[groupKey]string{}, map[string]bool{}
	last := map[string]int{} // the number that a name was last told apart by
	for _, a := range f.Applications {
		key := groupKeyOf(a)
		if !needsGroup(a) || names[key] != "" {
			continue
		}
		base := key.name
		if f.Daemon(base) != nil {
			base += "-wsgi"
		}
		name := base
		for n := max(last[base], 1) + 1; taken[name] || f.Daemon(name) != nil; n++ {
			name, last[base] = base+"-"+strconv.Itoa(n), n
		}
		names[key], taken[name] = name, true
	}
	return names
}

// groupName is a name for the application's group: that of its host, or of the
// folder of its script.
func groupName(a *wsgi.Application) string {
	name := a.Server.Name
	if name == "" || !a.Server.IsVirtual() {
		parts := strings.Split(strings.Trim(a.Script, "/"), "/")
		name = parts[max(len(parts)-2, 0)]
	}
	if a.Mount != "/" {
		name += withoutMarks.Replace(strings.TrimRight(a.Mount, "/"))
	}
	return name
}

// withoutMarks makes a part of a name of a mount point. To make it anew for each
// application takes 10 kB.
var withoutMarks = strings.NewReplacer("/", "-", "^", "", "$", "", "(", "", ")", "")

// handlerGroupName is a name for the group of what a handler leads to: that of its
// virtual host, or one for all hosts that it is for.
func handlerGroupName(a *wsgi.Application) string {
	if host := a.Handler.VirtualHost(); host != nil && a.Server.Name != "" {
		return a.Server.Name
	}
	return "wsgi"
}
