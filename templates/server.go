package templates

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// A Mode is where the application of a server runs.
type Mode string

// The modes of a server.
const (
	DaemonMode   Mode = "daemon"   // in daemon processes
	EmbeddedMode Mode = "embedded" // in Apache's own children
	DebugMode    Mode = "debug"    // in one single process, at the terminal
)

// A Server declares the Apache of one server root. Paths are absolute, sizes
// are computed: nothing is left for the template to decide but what to write.
// A field that is empty or zero asks for no line, unless it says otherwise.
type Server struct {
	Release modwsgi.Release // of the mod_wsgi that will read the configuration
	Mode    Mode

	Static
	Clients
	TrustedProxies
	TLS
	Requests
	Responses
	Environ
	Proxies
	Logs LogFiles

	Name    string // ServerName of what has no name of its own
	Root    string
	PIDFile string
	User    string // set only where root starts the server
	Group   string
	Trusted []string // accounts that can become root by the files that it names
	Listen  []string // "8000", "127.0.0.1:8443"

	Modules    []ServerModule // Apache's own, in the order of loading
	Libpython  string         // to load before the module, where the loader would go wrong
	Module     string         // the mod_wsgi module
	Beside     string         // the mod_wsgictl beside it
	Spool      string         // folder of what that keeps in files
	PythonHome string
	MIMETypes  string

	Capacity               Capacity
	Held                   int // threads that requests for the application can hold
	MaxConnectionsPerChild int
	MaxKeepAliveRequests   int
	Timeout                int // seconds
	ListenBacklog          int

	SocketPrefix   string
	AppDaemon      DaemonGroup // of the application; used in daemon mode only
	AppComment     string      // above it
	Services       []Service
	Callable       string
	Orphan         bool // WSGIDestroyInterpreter Off
	PythonPath     string
	PythonWarnings []string
	SwitchInterval string
	FreeThreading  bool

	ServerMetrics     bool
	ExtendedStatus    bool
	ServerStatus      bool
	TelemetryTarget   string
	TelemetryScript   string // that the processes of the application load to tell what they do; empty for none
	TelemetryInterval string
	TelemetryOptions  []string
	SlowRequests      string

	VirtualHosts []VirtualHost
	FilesOnly    bool // no application
	CGI          bool
	MountFolder  string // folder of the document root that the application falls back from
	RewriteRules Included

	HostAccessScript string
	Auth             *ServerAuth
	HandlerScript    string
	ResourceScript   string
	Extensions       []string // served by ResourceScript
	AppGroup         string   // application-group of the application
	Preload          bool
	ReadyScript      string // by which processes say that they have loaded the application; empty for none

	DocsURL  string // where /__wsgi__/docs is redirected to; empty for no such path
	PHP      bool
	Includes []Included
}

// A ServerModule is one module of Apache: "rewrite" for rewrite_module.
type ServerModule struct{ Name, Path string }

// A Service is a Python script with a daemon process of its own.
type Service struct {
	DaemonGroup
	Script string
}

// A ServerAuth asks for user and password.
type ServerAuth struct {
	Type, Realm, UserScript, GroupScript, Group string
}

// Included is a file of configuration, or a pattern for several.
type Included struct {
	Path    string
	Pattern bool
}

// GroupNames are the daemon process groups in the order of their directives, by
// which mod_wsgi numbers their sockets.
func (s Server) GroupNames() []string {
	var names []string
	if s.Mode == DaemonMode && (!s.FilesOnly || s.ResourceScript != "") {
		names = append(names, s.AppDaemon.Name)
	}
	var services []Service
	for _, host := range s.VirtualHosts {
		services = append(services, host.Services...)
	}
	for _, service := range append(services, s.Services...) {
		names = append(names, service.Name)
	}
	return names
}

// Render gives httpd.conf.
func (s Server) Render() (string, error) { return execute("server.conf.tmpl", s) }

// A ControlScript is the apachectl of a server root.
type ControlScript struct {
	Shell       string
	Root        string
	HTTPD       string
	Owner       string   // whose server it is, where root is not to run it; empty for root's own
	Path        string   // where root looks for programs; empty for the caller's
	Trusted     []string // accounts that can become root by it
	Config      string   // httpd.conf
	ErrorLog    string   // where Apache says what goes wrong, for people
	Args        []string // of httpd, without -k
	ProcessName string   // empty where the shell cannot give one
	Python      string
	Stdlib      string // folder of its standard library; empty where it is not known
	WorkingDir  string
	Locale      string
	EnvVars     string
	StatusURL   string // of the status page; empty without it
	PIDFile     string
	Variables   [][2]string // exported
	GDB         string      // the gdb program; empty to run without it
	Program     string      // wsgictl, which looks at certificates and folders before a graceful restart; empty to do without
	Rolls       string      // the daemon process group whose processes Program replaces one after the other; empty for none
	Drains      bool        // a graceful restart loses no request, since mod_wsgictl is loaded
}

// Detaches reports whether Apache goes to the background by itself, which it
// does not in debug mode.
func (c ControlScript) Detaches() bool { return !slices.Contains(c.Args, "-DONE_PROCESS") }

// Render gives the script.
func (c ControlScript) Render() (string, error) { return execute("apachectl.tmpl", c) }

// shellWord quotes text for a POSIX shell.
func shellWord(text string) (string, error) {
	if strings.ContainsRune(text, 0) {
		return "", fmt.Errorf("value %q: no shell word can hold a NUL", text)
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'", nil
}
