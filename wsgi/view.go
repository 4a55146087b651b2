package wsgi

import (
	"slices"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// View is a configuration with what it makes of WSGI, computed once. Who has it
// only reads it; Start, CannotEnter and Rights are set before others see it.
type View struct {
	Config  *conf.Config
	Release modwsgi.Release  // of mod_wsgi; zero when not known
	Host    *detect.Host     // facts of the host; nil when not known
	Start   *installed.Start // nil unless the files are those of this machine

	// CannotEnter says why daemon processes cannot enter their working folder, as
	// detect.WorkingFolder does; nil where no host's accounts are known.
	CannotEnter func(user, home, apacheUser string) (problem string)

	// Rights are what accounts may do with the files of the configuration's host; nil
	// where these are not at hand.
	Rights *hostfiles.Rights

	Daemons      []*Daemon      // in the order of the text
	Imports      []*Import      // in the order of the text
	Applications []*Application // of the main server first, then by virtual host

	// RestrictEmbedded is the WSGIRestrictEmbedded that is in effect, or nil.
	RestrictEmbedded *conf.Directive

	Httpd   *request.Httpd // which requests are asked of
	Servers []*Server      // in the order of Config.Servers

	groups         map[string]*Daemon                // by name; the first of that name
	hasMarkedGroup bool                              // the name of one is not known
	aliases        func() map[*conf.Directive]*Alias // of all servers, by what makes them
	scriptFaults   func() map[*Application]*ScriptFault
	listed         map[*conf.Directive]listedGroups // by WSGIRestrictProcess
	listens        []Listen
	usage          usage
	together       *together // what is known of the server that this is a part of
	renderings     []*View   // the others of the same templates
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
	v.Httpd = request.New(config, v.hooks())
	v.Servers = v.newServers()
	for _, s := range v.Servers {
		v.addScripts(s)
	}
	v.listens = v.findListens()
	v.listed = v.findListedGroups()
	v.RestrictEmbedded = v.Main().Last("WSGIRestrictEmbedded")
	found := make([][]*Application, len(v.Servers))
	sideBySide(len(found), func(i int) { found[i] = v.inventory(v.Servers[i]) })
	v.Applications = slices.Concat(found...)
	v.aliases = sync.OnceValue(v.aliasesByDirective)
	v.scriptFaults = sync.OnceValue(v.findScriptFaults)
	v.usage = newUsage(v)
	v.together = alone(v)
	return v
}

// newServers are the servers of the configuration, the main one first.
func (v *View) newServers() []*Server {
	hosts, scripts := v.Config.Servers(), v.handlerScripts()
	servers, room, ofHTTPD := make([]*Server, len(hosts)), make([]Server, len(hosts)), make([]request.Server, len(hosts))
	for i, host := range hosts {
		ofHTTPD[i] = request.Server{Server: host, Httpd: v.Httpd, Main: &ofHTTPD[0]}
		room[i] = Server{Server: &ofHTTPD[i], main: &room[0]}
		servers[i] = &room[i]
	}
	servers[0].Main, servers[0].main = nil, nil
	sideBySide(len(servers), func(i int) { servers[i].collect(scripts) })
	return servers
}

// aliasesByDirective are the aliases of all servers.
func (v *View) aliasesByDirective() map[*conf.Directive]*Alias {
	aliases := map[*conf.Directive]*Alias{}
	for _, s := range v.Servers {
		for _, alias := range s.Aliases {
			aliases[alias.Directive] = alias
		}
	}
	return aliases
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
func (v *View) addScripts(s *Server) {
	for _, d := range s.scripts {
		switch {
		case v.Httpd.IsNever(d):
		case d.Is("WSGIDaemonProcess"):
			daemon := newDaemon(d, s.Server.Server)
			v.Daemons = append(v.Daemons, daemon)
			v.hasMarkedGroup = v.hasMarkedGroup || conf.HasMark(daemon.Name)
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

// Main is the main server.
func (v *View) Main() *Server { return v.Servers[0] }

// Server is what a server of the configuration says of WSGI.
func (v *View) Server(s *conf.Server) *Server { return v.Servers[s.Index] }
