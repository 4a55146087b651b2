package audit

import (
	"cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// usage is what rules ask again and again, looked up once.
type usage struct {
	scopes  map[*conf.Server]*scope
	hosts   map[*conf.Directive]*conf.Server // virtual hosts by their sections
	names   map[string]*conf.Server          // the first virtual host of a name
	first   map[string]*conf.Server          // the first virtual host of an address, as written
	scripts map[*Daemon]string               // the script of a group, "" for more than one
	within  map[*Daemon][]*Application       // applications by the group that they run in
}

func newUsage(v *View) usage {
	u := usage{
		scopes: map[*conf.Server]*scope{}, hosts: map[*conf.Directive]*conf.Server{},
		names: map[string]*conf.Server{}, first: map[string]*conf.Server{},
		scripts: map[*Daemon]string{}, within: map[*Daemon][]*Application{},
	}
	for _, s := range v.scopes {
		u.scopes[s.Server.Server] = s
		if s.Server.Server.IsVirtual() {
			u.addHost(s.Server.Server)
		}
	}
	for _, a := range v.Applications {
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
	return u
}

func (u *usage) addHost(s *conf.Server) {
	u.hosts[s.Section] = s
	if u.names[s.Name] == nil {
		u.names[s.Name] = s
	}
	if len(s.Addresses) > 0 && u.first[s.Addresses[0].Text] == nil {
		u.first[s.Addresses[0].Text] = s
	}
}

// isShared tells whether a group has applications of more than one script.
func (v *View) isShared(group *Daemon) bool {
	script, ok := v.usage.scripts[group]
	return ok && script == ""
}

// runsInApache tells whether Apache's own processes run Python code beside
// applications: scripts that decide about access or dispatch, and imports.
func (v *View) runsInApache() bool {
	for range v.All("WSGIAccessScript", "WSGIAuthUserScript", "WSGIAuthGroupScript", "WSGIDispatchScript") {
		return true
	}
	for _, script := range v.Imports {
		if name, _ := script.Options.Get("process-group"); name == "%{GLOBAL}" {
			return true
		}
	}
	return false
}

// serverOf is the server that a directive stands in.
func (v *View) serverOf(d *conf.Directive) *conf.Server {
	if s := v.usage.hosts[hostOf(d)]; s != nil {
		return s
	}
	return v.Config.Main()
}

// firstUse is the first directive by which the configuration uses mod_wsgi, or
// nil.
func (v *View) firstUse() *conf.Directive {
	var mounts, groups *conf.Directive
	if len(v.Applications) > 0 {
		mounts = v.Applications[0].Via
	}
	if len(v.Daemons) > 0 {
		groups = v.Daemons[0].Directive
	}
	return cmp.Or(groups, mounts)
}
