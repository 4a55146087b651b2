package audit

import (
	"slices"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// View is a configuration as rules see it: with what it makes of WSGI computed
// once. Rules only read it.
type View struct {
	Config  *conf.Config
	Release modwsgi.Release // of mod_wsgi; zero when not known
	Host    *detect.Host    // facts of the host; nil when not known
	Start   *Start          // nil unless the files are those of this machine

	// CannotEnter says why daemon processes cannot enter their working folder, as
	// detect.WorkingFolder does; nil where no host's accounts are known.
	CannotEnter func(user, home, apacheUser string) (problem string)

	Daemons      []*Daemon      // in the order of the text
	Imports      []*Import      // in the order of the text
	Applications []*Application // of the main server first, then by virtual host

	// RestrictEmbedded is the WSGIRestrictEmbedded that is in effect, or nil.
	RestrictEmbedded *conf.Directive

	httpd    *request.Httpd     // which requests are asked of
	groups   map[string]*Daemon // by name; the first of that name
	scopes   []*scope           // in the order of Config.Servers
	usage    usage
	together *together // what is known of the server that this is a part of
	profiles profiles

	nameProblems func() []nameProblem           // that the release does not know
	idle         func() []*Daemon               // groups that nothing runs in
	positions    func() map[*conf.Directive]int // of groups and aliases

	renderings []*View // of the same templates, decided in other ways

}

// Look computes the view of a configuration. The release and the host may be
// unknown. Where files of it are templates, the view is that of the first of its
// renderings, and knows the others.
func Look(config *conf.Config, release modwsgi.Release, host *detect.Host) *View {
	all := config.Renderings()
	v := lookAt(all[0], release, host)
	for _, other := range all[1:] {
		v.renderings = append(v.renderings, lookAt(other, release, host))
	}
	return v
}

func lookAt(config *conf.Config, release modwsgi.Release, host *detect.Host) *View {
	v := &View{Config: config, Release: release, Host: host, groups: map[string]*Daemon{}}
	v.nameProblems = sync.OnceValue(v.findNameProblems)
	v.positions = sync.OnceValue(v.inOrder)
	v.idle = sync.OnceValue(v.findIdle)
	v.httpd = request.New(config, v.hooks())
	v.scopes = v.newScopes()
	for _, s := range v.scopes {
		v.addScripts(s)
	}
	v.RestrictEmbedded = v.main().Last("WSGIRestrictEmbedded")
	found := make([][]*Application, len(v.scopes))
	sideBySide(len(found), func(i int) { found[i] = v.inventory(v.scopes[i]) })
	v.Applications = slices.Concat(found...)
	v.usage = newUsage(v)
	v.together = newTogether(v)
	return v
}

// newScopes are the scopes of all servers.
func (v *View) newScopes() []*scope {
	servers, scripts := v.Config.Servers(), v.handlerScripts()
	scopes := make([]*scope, len(servers))
	scopes[0] = newScope(servers[0], v.httpd, nil, scripts)
	sideBySide(len(servers)-1, func(i int) { scopes[i+1] = newScope(servers[i+1], v.httpd, scopes[0], scripts) })
	return scopes
}

// handlerScripts are the names of all WSGIHandlerScript.
func (v *View) handlerScripts() map[string]bool {
	names := map[string]bool{}
	for d := range v.Config.Named("WSGIHandlerScript") {
		names[d.Word(0)] = true
	}
	return names
}

// addScripts adds the groups and imports of a server.
func (v *View) addScripts(s *scope) {
	for _, d := range s.scripts {
		switch {
		case v.httpd.IsNever(d.Unknown):
		case d.Is("WSGIDaemonProcess"):
			daemon := newDaemon(d, s.Server.Server)
			v.Daemons = append(v.Daemons, daemon)
			if v.groups[daemon.Name] == nil {
				v.groups[daemon.Name] = daemon
			}
		case d.Is("WSGIImportScript"):
			v.Imports = append(v.Imports, newImport(d, s.Server.Server))
		}
	}
}

// Daemon is the group of that name, or nil.
func (v *View) Daemon(name string) *Daemon { return v.groups[name] }

// main is the scope of the main server.
func (v *View) main() *scope { return v.scopes[0] }

// scopeOf is the scope of a server.
func (v *View) scopeOf(s *conf.Server) *scope { return v.usage.scopes[s] }
