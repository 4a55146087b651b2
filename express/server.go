package express

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// server computes the intent that httpd.conf is rendered from.
func (p plan) server() templates.Server {
	o, group := p.command.Options, cmp.Or(p.command.ApplicationGroup, mainInterpreter)
	s := templates.Server{
		Release: p.module.release, Mode: p.mode,
		Name: serverName(p.at.name()), Root: string(p.root), PIDFile: p.places.pidFile,
		Listen: p.at.listen(), Modules: p.modules,
		Libpython: p.module.libpython, Module: p.module.file.Path, Beside: p.beside(), Spool: p.root.in(spoolName), PythonHome: p.place.python.home,
		MIMETypes: p.mimeTypes,

		Capacity: p.capacity, Held: p.held,
		MaxConnectionsPerChild: connectionsPerChild(o), MaxKeepAliveRequests: keepAliveRequests(p.apache.mpm, p.mode), Timeout: p.timeouts.server, ListenBacklog: o.ServerBacklog,
		SocketPrefix: p.places.sockets, AppDaemon: p.daemons.app, AppComment: p.daemons.comment, Services: p.daemons.services, Callable: p.app.callable,
		Orphan: o.OrphanInterpreter, PythonPath: strings.Join(append([]string{p.place.dir}, p.place.paths...), ":"), PythonWarnings: o.PythonWarnings,
		SwitchInterval: number(o.SwitchInterval), FreeThreading: o.FreeThreading,

		ServerMetrics: o.ServerMetrics, ServerStatus: o.ServerStatus, ExtendedStatus: o.ServerMetrics || o.ServerStatus,
		TelemetryTarget: p.telemetry.targetOf(p.module.release), TelemetryScript: p.telemetry.senderOf(p.mode), TelemetryInterval: number(&o.TelemetryInterval),
		TelemetryOptions: o.TelemetryOptions,

		Logs:   templates.LogFiles{Logs: p.logs.Logs, Errors: p.logs.errors, Requests: p.logs.requests},
		Static: staticFiles(o.Static.Static, p.places.documents, p.aliases), TLS: p.https.TLS, Clients: o.Clients, Requests: o.handedOn(),
		Responses: o.Responses, Environ: o.Environ, Proxies: o.passedOn(), TrustedProxies: p.proxies,

		VirtualHosts: append(p.virtualHosts(), p.daemons.hosts...),
		FilesOnly:    p.app.isStatic(), CGI: o.WithCGI, MountFolder: p.places.mounted, RewriteRules: p.places.included(p.places.rewrite),

		HostAccessScript: p.who.abs(o.HostAccessScript), Auth: settleAuth(o.Access, p.at, p.who.Caller), HandlerScript: p.root.in("handler.wsgi"),
		AppGroup: group, Preload: preloads(group), ReadyScript: p.readyScript(),
		PHP: o.WithPHP5,
	}
	s.RequestReadTimeout = p.timeouts.read
	if s.TelemetryTarget != "" {
		s.SlowRequests = number(o.SlowRequests)
	}
	return p.addAsked(s)
}

// addAsked adds what only some servers have.
func (p plan) addAsked(s templates.Server) templates.Server {
	if p.who.isRoot() {
		s.User, s.Group, s.Trusted = p.who.account.user, p.who.account.group, p.command.Trusted
	}
	if p.command.EnableDocs || p.app.isWelcome() {
		s.DocsURL = "https://modwsgi.readthedocs.io"
	}
	if len(p.command.HandlerScripts) > 0 {
		s.ResourceScript = p.root.in("resource.wsgi")
		for _, pair := range p.command.HandlerScripts {
			s.Extensions = append(s.Extensions, pair[0])
		}
	}
	for _, file := range p.command.IncludeFiles {
		s.Includes = append(s.Includes, p.places.included(p.who.abs(file)))
	}
	return s
}

// handedOn is how requests come to the application.
func (o Options) handedOn() templates.Requests {
	requests := o.Requests
	requests.DisableReloading = o.DisableReloading || o.mode() == templates.EmbeddedMode
	requests.NoDaemon = o.mode() != templates.DaemonMode
	return requests
}

// passedOn are the requests for other servers.
func (o Options) passedOn() templates.Proxies {
	proxies := o.WithSlashes()
	if !o.proxies() {
		proxies.ProxyTimeout = nil
	}
	return proxies
}

// words gives the words of all values: mod_wsgi-express copies them into a line
// of httpd.conf, so that one value may be several.
func words(values []string) []string { return strings.Fields(strings.Join(values, " ")) }

// unquoted takes off the quotes that a value with blanks needs for
// mod_wsgi-express, where it is copied into a line of httpd.conf.
func unquoted(value string) string {
	if n := len(value); n > 1 && value[0] == value[n-1] && (value[0] == '"' || value[0] == '\'') {
		return value[1 : n-1]
	}
	return value
}

func number(value *float64) string {
	if value == nil {
		return ""
	}
	return strconv.FormatFloat(*value, 'f', -1, 64)
}
