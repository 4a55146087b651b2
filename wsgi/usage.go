package wsgi

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
)

// usage is what rules ask again and again, looked up once.
type usage struct {
	hosts   map[*conf.Directive]*conf.Server // virtual hosts by their sections
	scripts map[*Daemon]string               // the script of a group, "" for more than one
	within  map[*Daemon][]*Application       // applications by the group that they run in
}

func newUsage(v *View) usage {
	u := usage{
		hosts: make(map[*conf.Directive]*conf.Server, len(v.Servers)), scripts: map[*Daemon]string{}, within: map[*Daemon][]*Application{},
	}
	for _, s := range v.Servers {
		if s.Server.Server.IsVirtual() {
			u.hosts[s.Section] = s.Server.Server
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

// RunningIn are the applications that run in a group, in the order of
// Applications.
func (v *View) RunningIn(group *Daemon) []*Application { return v.usage.within[group] }

// IsShared tells whether a group has applications of more than one script.
func (v *View) IsShared(group *Daemon) bool {
	script, ok := v.usage.scripts[group]
	return ok && script == ""
}

// ServerAround is the server that a directive stands in.
func (v *View) ServerAround(d *conf.Directive) *conf.Server {
	if s := v.usage.hosts[d.VirtualHost()]; s != nil {
		return s
	}
	return v.Config.Main()
}
