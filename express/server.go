package express

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// server computes the intent that httpd.conf is rendered from.
func (p *planner) server() (templates.Server, error) {
	o := p.command.Options
	s := templates.Server{
		Release: p.software.release, Mode: p.mode,
		Name: serverName(p.host()), Root: p.root, PIDFile: p.pidFile,
		Listen: p.listen(), Modules: p.modules(),
		Libpython: p.software.libpython, Module: p.software.module.Path, PythonHome: p.software.pythonHome,
		MIMETypes: p.mimeTypes(),

		MaxConnectionsPerChild: p.connectionsPerChild(), MaxKeepAliveRequests: keepAliveRequests(p.software.mpm, p.mode), Timeout: max(o.SocketTimeout, o.HeaderTimeout), ListenBacklog: o.ServerBacklog,
		SocketPrefix: p.socketPrefix(), Callable: o.CallableObject,
		Orphan: o.OrphanInterpreter, PythonPath: p.pythonPath(), PythonWarnings: o.PythonWarnings,
		SwitchInterval: number(o.SwitchInterval), FreeThreading: o.FreeThreading,

		ServerMetrics: o.ServerMetrics, ServerStatus: o.ServerStatus, ExtendedStatus: o.ServerMetrics || o.ServerStatus,
		TelemetryTarget: o.TelemetryService, TelemetryInterval: number(&o.TelemetryInterval),
		TelemetryOptions: o.TelemetryOptions, SlowRequests: number(o.SlowRequests),

		Logs:   templates.LogFiles{Logs: o.Logs.Logs, Errors: p.errorLog(), Requests: p.accessLog()},
		Static: p.static(), TLS: o.TLS, Clients: o.Clients, Requests: o.Requests, Responses: o.Responses, Environ: o.Environ, Proxies: o.WithSlashes(),
		TrustedProxies: templates.TrustedProxies{TrustedProxy: words(o.TrustedProxy), TrustedProxyHeader: words(o.TrustedProxyHeader)},

		FilesOnly: o.ApplicationType == "static", CGI: o.WithCGI, MountFolder: filepath.Join(p.documents, o.MountPoint), RewriteRules: p.included(p.rewrite),

		HostAccessScript: p.caller.abs(o.HostAccessScript), Auth: p.auth(), HandlerScript: p.in("handler.wsgi"),
		AppGroup: p.applicationGroup(), Preload: p.preload(),
		PHP: o.WithPHP5,
	}
	s.RequestReadTimeout, s.NoDaemon = requestReadTimeout(o), p.mode != templates.DaemonMode
	s.Capacity, s.Held = p.capacity()
	p.addAsked(&s)
	return s, p.complete(&s)
}

// addAsked adds what only some servers have.
func (p *planner) addAsked(s *templates.Server) {
	o := p.command.Options
	if p.caller.UID == 0 {
		s.User, s.Group, s.Trusted = p.account.user, p.account.group, o.Trusted
	}
	if !o.proxies() {
		s.ProxyTimeout = nil
	}
	if o.EnableDocs {
		s.DocsURL = "https://modwsgi.readthedocs.io"
	}
	if len(o.HandlerScripts) > 0 {
		s.ResourceScript = p.in("resource.wsgi")
		for _, pair := range o.HandlerScripts {
			s.Extensions = append(s.Extensions, pair[0])
		}
	}
	for _, file := range o.IncludeFiles {
		s.Includes = append(s.Includes, p.included(p.caller.abs(file)))
	}
}

// complete adds the parts that can fail.
func (p *planner) complete(s *templates.Server) error {
	var err error
	if p.mode == templates.DaemonMode {
		s.Beside, s.Spool = p.beside(), p.in(spoolName)
		if s.AppDaemon, err = p.daemonGroup(); err != nil {
			return err
		}
		s.AppComment = p.groupComment()
	}
	services, err := p.services()
	if err != nil {
		return err
	}
	s.VirtualHosts = p.virtualHosts(&services)
	s.Services = services
	return nil
}

// groupComment explains the one value that is not the number asked for.
func (p *planner) groupComment() string {
	if p.command.RequestTimeout == 0 {
		return ""
	}
	return fmt.Sprintf("request-timeout %s.", p.daemon().RequestTimeout())
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
