package express

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
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
		KeepAliveTimeout: o.KeepAliveTimeout, HTTP2: o.HTTP2,

		SocketPrefix: p.socketPrefix(), Callable: o.CallableObject, MapHeadToGet: o.MapHeadToGet,
		NoReloading: o.DisableReloading, Orphan: o.OrphanInterpreter, PythonPath: p.pythonPath(), PythonWarnings: o.PythonWarnings,
		SwitchInterval: number(o.SwitchInterval), FreeThreading: o.FreeThreading, Chunked: o.ChunkedRequest,
		ErrorOverride: o.ErrorOverride, Sendfile: o.EnableSendfile,

		ServerMetrics: o.ServerMetrics, ServerStatus: o.ServerStatus, ExtendedStatus: o.ServerMetrics || o.ServerStatus,
		TelemetryTarget: o.TelemetryService, TelemetryInterval: number(&o.TelemetryInterval),
		TelemetryOptions: o.TelemetryOptions, SlowRequests: number(o.SlowRequests),

		ErrorLog: p.errorLog, LogLevel: o.LogLevel, ErrorLogFormat: o.ErrorLogFormat, AccessLog: p.accessLog, AccessFormat: accessFormat(o),
		Static: p.static(), TLS: o.TLS,
		Clients:        templates.Clients{LimitRequestBody: o.LimitRequestBody, RequestReadTimeout: requestReadTimeout(o)},
		TrustedProxies: templates.TrustedProxies{TrustedProxy: words(o.TrustedProxy), TrustedProxyHeader: words(o.TrustedProxyHeader)},

		FilesOnly: o.ApplicationType == "static", CGI: o.WithCGI, MountFolder: filepath.Join(p.documents, o.MountPoint), RewriteRules: p.included(p.rewrite),

		HostAccessScript: p.caller.abs(o.HostAccessScript), Auth: p.auth(), HandlerScript: p.in("handler.wsgi"),
		AppGroup: p.applicationGroup(), Preload: p.preload(),
		IgnoreActivity: o.IgnoreActivity, Proxies: proxyMountPoints(o), ErrorDocuments: o.ErrorDocuments,
		Setenv: o.SetenvVariables, Passenv: o.PassenvVariables, PHP: o.WithPHP5,
	}
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
	if o.ProxyTimeout != nil && o.proxies() {
		s.ProxyTimeout = strconv.Itoa(*o.ProxyTimeout)
	}
	if o.EnableDocs {
		s.DocsURL = "https://modwsgi.readthedocs.io"
	}
	if o.CompressResponses {
		s.Compress = compressed
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

// included tells the name of a file, in which * and ? may stand, from a pattern.
func (p *planner) included(path string) templates.Included {
	return templates.Included{Path: path, Pattern: path != p.in("rewrite.conf") && !exists(path)}
}

// compressed are the media types that --compress-responses compresses.
var compressed = []string{
	"text/plain", "text/html", "text/xml", "text/css", "text/javascript",
	"application/xhtml+xml", "application/javascript", "application/json",
}

// groupComment explains the one value that is not the number asked for.
func (p *planner) groupComment() string {
	if p.command.RequestTimeout == 0 {
		return ""
	}
	return fmt.Sprintf("request-timeout %s.", p.daemon().RequestTimeout())
}

// ports are those that Apache listens on.
func (p *planner) ports() []int {
	if p.command.HTTPSPort == 0 {
		return []int{p.command.Port}
	}
	return []int{p.command.Port, p.command.HTTPSPort}
}

func (p *planner) listen() []string {
	var listen []string
	for _, port := range p.ports() {
		listen = append(listen, p.address(port))
	}
	return listen
}

func (p *planner) address(port int) string {
	if p.command.Host == "" {
		return strconv.Itoa(port)
	}
	return net.JoinHostPort(p.command.Host, strconv.Itoa(port))
}

// modules are those of Apache that the options need, and those that every
// server of mod_wsgi-express has, for the files that it includes. One that is
// no file is built into httpd, or httpd says which directive lacks it.
func (p *planner) modules() []templates.ServerModule {
	var modules []templates.ServerModule
	for _, name := range p.moduleNames() {
		path := filepath.Join(p.software.apache.ModulesDir, "mod_"+name+".so")
		if _, err := os.Stat(path); err == nil {
			modules = append(modules, templates.ServerModule{Name: name, Path: path})
		}
	}
	if p.command.WithPHP5 {
		modules = append(modules, templates.ServerModule{Name: "php5", Path: filepath.Join(p.software.apache.ModulesDir, "libphp5.so")})
	}
	return modules
}

func (p *planner) moduleNames() []string {
	o := p.command.Options
	names := []string{"mpm_" + p.software.mpm, "access_compat", "unixd", "authn_core", "authz_core", "authz_host", "mime",
		"rewrite", "alias", "dir", "env", "headers", "filter", "reqtimeout", "log_config"}
	for _, more := range []struct {
		needed bool
		names  []string
	}{
		{o.HTTP2, []string{"http2"}},
		{o.HTTPSPort != 0, []string{"socache_shmcb", "ssl"}},
		{o.DirectoryListing, []string{"autoindex"}},
		{o.CompressResponses, []string{"deflate"}},
		{o.AuthUserScript != "", []string{"auth_" + strings.ToLower(o.AuthType), "authz_user"}},
		{o.proxies(), []string{"proxy", "proxy_http"}},
		{o.ServerMetrics || o.ServerStatus, []string{"status"}},
		{o.WithCGI, []string{p.cgiModule()}},
		{o.SystemdUnit, []string{"systemd"}},
	} {
		if more.needed {
			names = append(names, more.names...)
		}
	}
	return names
}

// cgiModule starts scripts from a process of its own where threads make a fork
// expensive, and where it is installed.
func (p *planner) cgiModule() string {
	if _, err := os.Stat(filepath.Join(p.software.apache.ModulesDir, "mod_cgid.so")); err == nil {
		return "cgid"
	}
	return "cgi"
}

// mimeTypes is the first of the files that Python's mimetypes knows too.
func (p *planner) mimeTypes() string {
	if p.command.MIMETypes != "" {
		return p.caller.abs(p.command.MIMETypes)
	}
	for _, path := range []string{
		"/etc/mime.types", "/etc/httpd/mime.types", "/etc/httpd/conf/mime.types", "/etc/apache/mime.types",
		"/etc/apache2/mime.types", "/usr/local/etc/httpd/conf/mime.types", "/usr/local/etc/mime.types",
	} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return os.DevNull
}

func requestReadTimeout(o Options) string {
	var parts []string
	for _, part := range []struct {
		name                  string
		timeout, most, atRate int
	}{
		{"header", o.HeaderTimeout, o.HeaderMaxTimeout, o.HeaderMinRate},
		{"body", o.BodyTimeout, o.BodyMaxTimeout, o.BodyMinRate},
	} {
		text := fmt.Sprintf("%s=%d", part.name, part.timeout)
		if part.timeout > 0 && part.most > 0 {
			text += fmt.Sprintf("-%d", part.most)
		}
		if part.timeout > 0 && part.atRate > 0 {
			text += fmt.Sprintf(",MinRate=%d", part.atRate)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

func accessFormat(o Options) string {
	if o.AccessLogFormat == "" {
		return "common"
	}
	return o.AccessLogFormat
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

// socketPrefix starts from the server root where it is no path from the root,
// as the directive does.
func (p *planner) socketPrefix() string {
	if filepath.IsAbs(p.command.SocketPrefix) {
		return filepath.Join(p.command.SocketPrefix, "wsgi")
	}
	return filepath.Join(p.root, p.command.SocketPrefix, "wsgi")
}

// pythonPath is for modes without a daemon group: there the working folder is
// not on the module path by itself.
func (p *planner) pythonPath() string {
	return strings.Join(append([]string{p.workingDir}, p.pythonPaths()...), ":")
}

// pythonPaths are the folders of --python-path; relative ones start from the
// working directory, as in sys.path.
func (p *planner) pythonPaths() []string {
	var paths []string
	for _, path := range p.command.PythonPaths {
		if !filepath.IsAbs(path) {
			path = filepath.Join(p.workingDir, path)
		}
		paths = append(paths, path)
	}
	return paths
}

func (p *planner) applicationGroup() string {
	if p.command.ApplicationGroup == "" {
		return mainInterpreter
	}
	return p.command.ApplicationGroup
}

const mainInterpreter = "%{GLOBAL}"

// preload reports whether the application can be loaded before the first
// request: not when its interpreter is chosen by the request.
func (p *planner) preload() bool {
	group := p.applicationGroup()
	return group == mainInterpreter || !strings.Contains(group, "%{")
}

func (p *planner) auth() *templates.ServerAuth {
	o := p.command.Options
	if o.AuthUserScript == "" {
		return nil
	}
	return &templates.ServerAuth{
		Type: o.AuthType, Realm: fmt.Sprintf("%s:%d", p.host(), o.Port),
		UserScript: p.caller.abs(o.AuthUserScript), GroupScript: p.caller.abs(o.AuthGroupScript), Group: o.AuthGroup,
	}
}

// proxies reports whether anything is passed to other servers.
func (o Options) proxies() bool { return len(o.ProxyMountPoints)+len(o.ProxyVirtualHosts) > 0 }

// proxyMountPoints gives both ends of each mapping a slash at the end, and puts
// the more special of two paths first.
func proxyMountPoints(o Options) []templates.Proxy {
	var list []templates.Proxy
	for _, pair := range o.ProxyMountPoints {
		list = append(list, templates.Proxy{Path: strings.TrimRight(pair[0], "/") + "/", URL: strings.TrimRight(pair[1], "/") + "/"})
	}
	sort.SliceStable(list, func(a, b int) bool { return len(list[a].Path) > len(list[b].Path) })
	return list
}

// static are the files that Apache serves: by the kernel from folders where that
// is safe, unless it is to do so everywhere. By default Apache maps each file into
// memory, which the threads of a process do one after the other.
func (p *planner) static() templates.Static {
	o := p.command.Options
	static := o.Static.Static
	static.DocumentRoot, static.URLAlias = p.documents, p.aliases()
	if o.EnableSendfile {
		return static
	}
	mounted := mounts()
	static.SendDocuments = allLocal(mounted, static.DocumentRoot)
	for i, alias := range static.URLAlias {
		folder := alias.Path
		if alias.IsFile {
			folder = filepath.Dir(alias.Path)
		}
		static.URLAlias[i].Send = allLocal(mounted, folder)
	}
	return static
}

// aliases are sorted so that the more special of two paths comes first, as
// Apache takes the first that fits.
func (p *planner) aliases() []templates.Alias {
	var list []templates.Alias
	for _, asked := range p.command.URLAlias {
		path := p.caller.abs(asked.Path)
		info, err := os.Stat(path)
		alias := templates.Alias{URL: asked.URL, Path: path, IsFile: err == nil && !info.IsDir()}
		if strings.HasSuffix(asked.Path, "/") && path != "/" && !alias.IsFile {
			alias.Path += "/"
		}
		list = append(list, alias)
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].URL > list[b].URL })
	return list
}

// virtualHosts separates the names that the server answers to, its ports, and
// the services that log into a file of their own, which are taken off the list.
// A server that answers to all names on one port has one too, so that a virtual
// host of an included file does not take its place.
func (p *planner) virtualHosts(services *[]templates.Service) []templates.VirtualHost {
	o := p.command.Options
	hosts := p.hostsOf(o.Port, nil)
	if o.HTTPSPort != 0 {
		hosts = append(hosts, p.hostsOf(o.HTTPSPort, &o.TLS)...)
	}
	for i := range hosts {
		hosts[i].Unproxied = hosts[i].Redirect != "" && o.proxies()
	}
	for _, pair := range o.ProxyVirtualHosts {
		hosts = append(hosts, templates.VirtualHost{Port: o.Port, ServerName: pair[0], Proxy: strings.TrimRight(pair[1], "/") + "/"})
	}
	return append(hosts, p.serviceHosts(services)...)
}

func (p *planner) hostsOf(port int, tls *templates.TLS) []templates.VirtualHost {
	o := p.command.Options
	main := templates.VirtualHost{Port: port, ServerName: o.ServerName, ServerAlias: words(o.ServerAliases), TLS: tls}
	if tls == nil && o.Redirects() {
		main.Redirect = siteURL("https", p.serverHost(), o.HTTPSPort)
	}
	if o.ServerName == "" {
		return []templates.VirtualHost{main}
	}
	hosts := []templates.VirtualHost{
		{Port: port, Comment: "Requests for other names.", ServerName: "_wsgi_", Deny: true, Local: o.AllowLocalhost, TLS: tls},
		main,
	}
	if parent, found := strings.CutPrefix(strings.ToLower(o.ServerName), "www."); found && !hasAlias(main.ServerAlias, parent) {
		bare := templates.VirtualHost{Port: port, ServerName: parent, Redirect: main.Redirect, TLS: tls}
		switch {
		case bare.Redirect != "": // to HTTPS
		case tls != nil:
			bare.Redirect, bare.Moved = siteURL("https", o.ServerName, port), true
		default:
			bare.Redirect, bare.Moved = siteURL("http", o.ServerName, port), true
		}
		hosts = append(hosts, bare)
	}
	return hosts
}

// hasAlias reports whether a name is one of those of a virtual host, which then
// answers to it, and not one behind.
func hasAlias(aliases []string, name string) bool {
	return slices.ContainsFunc(strings.Fields(strings.Join(aliases, " ")), func(alias string) bool {
		fits, err := filepath.Match(strings.ToLower(alias), name) // * and ? are wild, as in ServerAlias
		return err == nil && fits
	})
}

func siteURL(scheme, host string, port int) string {
	if isIPv6(host) {
		host = "[" + host + "]"
	}
	if scheme == "http" && port == 80 || scheme == "https" && port == 443 {
		return scheme + "://" + host
	}
	return fmt.Sprintf("%s://%s:%d", scheme, host, port)
}

func isIPv6(host string) bool { return strings.Contains(host, ":") }

// serverName is what ServerName takes, which is no IPv6 address.
func serverName(host string) string {
	if isIPv6(host) {
		return "localhost"
	}
	return host
}

// serviceHosts takes the services with a log of their own off the list.
func (p *planner) serviceHosts(services *[]templates.Service) []templates.VirtualHost {
	logs := pairs(p.command.ServiceLogFiles)
	var hosts []templates.VirtualHost
	var others []templates.Service
	for _, service := range *services {
		file := logs[strings.TrimPrefix(service.Name, "service:")]
		if file == "" {
			others = append(others, service)
			continue
		}
		hosts = append(hosts, templates.VirtualHost{
			Port: p.command.Port, Comment: "Not for requests: gives a service a log of its own.",
			ServerName: strings.Replace(service.Name, ":", "-", 1) + ".invalid", ErrorLog: p.logTarget(file), Services: []templates.Service{service},
		})
	}
	*services = others
	return hosts
}

// unreadable says who cannot read what, for errors.
func (p *planner) unreadable(path string) error {
	if p.caller.UID != 0 {
		if file, err := os.Open(path); err != nil {
			return err
		} else {
			return file.Close()
		}
	}
	if barrier := detect.Unreadable(path, p.account.user); barrier != "" {
		return fmt.Errorf("user %s cannot read %s, for %s is closed to it: %s", p.account.user, path, barrier, detect.LetRead(path, barrier))
	}
	_, err := os.Stat(path)
	return err
}
