package audit

import "github.com/wsgictl/wsgictl/httpdconf"

// usage is what rules ask again and again, looked up once.
type usage struct {
	scopes  map[*httpdconf.Server]*scope
	names   map[string]*httpdconf.Server // the first virtual host of a name
	used    map[string]bool              // names of groups that something runs in
	scripts map[*Daemon]string           // the script of a group, "" for more than one
	within  map[*Daemon][]*Application   // applications by the group that they run in
	dynamic bool                         // there is an application that a request decides on
	idle    []*Daemon                    // groups that nothing runs in
}

func newUsage(v *View) usage {
	u := usage{
		scopes: map[*httpdconf.Server]*scope{}, names: map[string]*httpdconf.Server{},
		used: map[string]bool{}, scripts: map[*Daemon]string{}, within: map[*Daemon][]*Application{},
	}
	for _, s := range v.scopes {
		u.scopes[s.server] = s
		if s.server.IsVirtual() && u.names[s.server.Name] == nil {
			u.names[s.server.Name] = s.server
		}
	}
	for _, a := range v.Applications {
		u.used[a.ProcessGroup] = true
		u.dynamic = u.dynamic || a.Mode == Dynamic
		if a.Daemon == nil {
			continue
		}
		u.within[a.Daemon] = append(u.within[a.Daemon], a)
		if script, ok := u.scripts[a.Daemon]; ok && script != a.Script {
			u.scripts[a.Daemon] = ""
		} else {
			u.scripts[a.Daemon] = a.Script
		}
	}
	for _, script := range v.Imports {
		name, _ := script.Options.Get("process-group")
		u.used[name] = true
	}
	for _, group := range v.Daemons {
		if !u.dynamic && !u.used[group.Name] {
			u.idle = append(u.idle, group)
		}
	}
	return u
}

// isUsed tells whether anything may run in a group: an application, also one
// that is refused there, a script that is imported into it, or whatever a
// request chooses.
func (v *View) isUsed(group *Daemon) bool { return v.usage.dynamic || v.usage.used[group.Name] }

// isShared tells whether a group has applications of more than one script.
func (v *View) isShared(group *Daemon) bool {
	script, ok := v.usage.scripts[group]
	return ok && script == ""
}
