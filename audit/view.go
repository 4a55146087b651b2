package audit

import (
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// View is a configuration as rules see it: with what it makes of WSGI computed
// once. Rules only read it.
type View struct {
	Config  *httpdconf.Config
	Release modwsgi.Release // of mod_wsgi; zero when not known
	Host    *detect.Host    // facts of the host; nil when not known

	Daemons      []*Daemon      // in the order of the text
	Imports      []*Import      // in the order of the text
	Applications []*Application // of the main server first, then by virtual host

	// RestrictEmbedded is the WSGIRestrictEmbedded that is in effect, or nil.
	RestrictEmbedded *httpdconf.Directive

	groups   map[string]*Daemon // by name; the first of that name
	scopes   []*scope           // in the order of Config.Servers
	usage    usage
	profiles map[int][]modwsgi.Setting // by threads

	nameProblems func() []nameProblem // that the release does not know

	requestVariablesOnce sync.Once
	requestVariables     map[string]bool
}

// Look computes the view of a configuration. The release and the host may be
// unknown.
func Look(config *httpdconf.Config, release modwsgi.Release, host *detect.Host) *View {
	v := &View{Config: config, Release: release, Host: host, groups: map[string]*Daemon{}, profiles: map[int][]modwsgi.Setting{}}
	v.nameProblems = sync.OnceValue(v.findNameProblems)
	var main *scope
	for _, server := range config.Servers() {
		s := newScope(server, main)
		if main == nil {
			main = s
		}
		v.scopes = append(v.scopes, s)
		v.addScripts(s)
	}
	v.RestrictEmbedded = main.last("WSGIRestrictEmbedded")
	scripts := v.handlerScripts()
	for _, s := range v.scopes {
		s.dropPlain(scripts)
	}
	for _, s := range v.scopes {
		v.Applications = append(v.Applications, v.inventory(s)...)
	}
	v.usage = newUsage(v)
	return v
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
	for _, d := range s.level {
		switch {
		case isNever(d.Unknown):
		case d.Is("WSGIDaemonProcess"):
			daemon := newDaemon(d, s.server)
			v.Daemons = append(v.Daemons, daemon)
			if v.groups[daemon.Name] == nil {
				v.groups[daemon.Name] = daemon
			}
		case d.Is("WSGIImportScript"):
			v.Imports = append(v.Imports, newImport(d, s.server))
		}
	}
}

// Daemon is the group of that name, or nil.
func (v *View) Daemon(name string) *Daemon { return v.groups[name] }

// main is the scope of the main server.
func (v *View) main() *scope { return v.scopes[0] }

// scopeOf is the scope of a server.
func (v *View) scopeOf(s *httpdconf.Server) *scope { return v.usage.scopes[s] }
