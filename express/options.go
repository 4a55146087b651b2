package express

import "github.com/wsgictl/wsgictl/templates"

// Options are the options of setup-server and start-server: names, values,
// defaults and meaning are those of mod_wsgi-express 6.1.1. The table that the
// parser, the help and docs/express.md work from (see Table) is read off the
// tags of this struct. What a site has too is a part of the model in templates:
// a setting added there is an option here. A new option of server roots alone is
// one line here:
//
//	name     the option without its dashes; alias is a second, hidden name
//	placeholder of its values; two words where it takes two
//	default  its default; empty where there is none or where the host decides
//	help     one sentence; hidden instead of it for what only old scripts use
//	own      not an option of mod_wsgi-express
//	asroot   names what Apache or its control script reads, runs or writes as root
//	daemon   the WSGIDaemonProcess option that it sets
//	min, max of a whole number; 0 and [templates.GreatestNumber] where they are not told
//
// The type of a field says the rest: a bool takes no value, a slice may be
// repeated, a [2]string is two words, a pointer tells absence from zero.
type Options struct {
	Application
	Listening
	HTTPS
	Hosts
	Size
	Limits
	Buffers
	Reloading
	Account
	Static
	Content
	Proxying
	Metrics
	Access
	Environment
	Places
	Logs
	Python
	Programs
	Handlers
	Services
	Modes
	Debugging
}

// Application says what is run.
type Application struct {
	ApplicationType  string `name:"application-type" placeholder:"TYPE" default:"script" help:"What the entry point is: script (a file), module (a dotted name), paste (an ini file) or static (a folder of files and no application)."`
	EntryPoint       string `name:"entry-point" placeholder:"FILE|MODULE" help:"The entry point, instead of as an argument; it wins over one."`
	CallableObject   string `name:"callable-object" placeholder:"NAME" default:"application" help:"Name of the WSGI callable in the entry point."`
	ApplicationGroup string `name:"application-group" placeholder:"NAME" help:"Python sub-interpreter to run in. By default the main interpreter, which C extensions need."`
	ProcessGroup     string `name:"process-group" placeholder:"NAME" help:"Name of the daemon process group, by default HOST:PORT. It shows in ps as (wsgi:NAME)."`
	Health           string `name:"health" own:"1" placeholder:"URL-PATH" help:"What the application has to answer with 2xx or 3xx in a new process before that serves clients, as a URL path below the mount point."`
	MountPoint       string `name:"mount-point" placeholder:"URL-PATH" default:"/" help:"URL path of the application."`
	WorkingDirectory string `name:"working-directory" placeholder:"DIR" help:"Folder that the application runs in and imports from; by default the current one."`
}

// Listening says where the server is reached.
type Listening struct {
	Host string `name:"host" placeholder:"IP-ADDRESS" help:"Address to listen on; by default all of the machine."`
	Port int    `name:"port" placeholder:"NUMBER" min:"1" max:"65535" default:"8000" help:"Port for HTTP."`
}

// HTTPS is the second, encrypted listener.
type HTTPS struct {
	templates.TLS
	SSLCertificate string `name:"ssl-certificate" placeholder:"STEM" asroot:"1" help:"Certificate and key in one word: STEM.crt and STEM.key."`
}

// Hosts are the names that the server answers to.
type Hosts struct {
	ServerName     string   `name:"server-name" placeholder:"HOSTNAME" help:"Name of the site; other names are refused. A www. name gets a redirect from the bare one."`
	ServerAliases  []string `name:"server-alias" placeholder:"HOSTNAME" help:"Further name of the site; * and ? are wild."`
	AllowLocalhost bool     `name:"allow-localhost" help:"With --server-name, answer requests from this machine under any name too."`
}

// Size is how many processes, threads and connections there are.
type Size struct {
	Processes           int      `name:"processes" placeholder:"NUMBER" max:"10000" daemon:"processes" help:"Processes of the application; by default one, with wsgi.multiprocess False."`
	Threads             int      `name:"threads" placeholder:"NUMBER" min:"1" max:"10000" default:"5" daemon:"threads" help:"Threads in each process of the application."`
	MaxClients          int      `name:"max-clients" placeholder:"NUMBER" max:"1000000" help:"Connections that Apache serves at a time. The default leaves static files room when the application is stuck."`
	InitialWorkers      *float64 `name:"initial-workers" placeholder:"FRACTION" help:"Apache workers at start, as a fraction of the greatest number."`
	MinimumSpareWorkers *float64 `name:"minimum-spare-workers" placeholder:"FRACTION" help:"Idle Apache workers kept at least, as a fraction."`
	MaximumSpareWorkers *float64 `name:"maximum-spare-workers" placeholder:"FRACTION" help:"Idle Apache workers kept at most, as a fraction."`
	templates.Clients
	ServerBacklog   int `name:"server-backlog" placeholder:"NUMBER" min:"1" default:"1024" help:"Connections that may wait for Apache."`
	DaemonBacklog   int `name:"daemon-backlog" placeholder:"NUMBER" max:"1000000" default:"1024" daemon:"listen-backlog" help:"Requests that may wait for the application."`
	MaximumRequests int `name:"maximum-requests" placeholder:"NUMBER" default:"0" daemon:"maximum-requests" help:"Replace a process after this many requests; 0 for never."`
}

// Limits are times, in seconds, after which something is given up.
type Limits struct {
	StartupTimeout    int `name:"startup-timeout" placeholder:"SECONDS" default:"15" daemon:"startup-timeout" help:"Replace a process that has not loaded the application by then."`
	ShutdownTimeout   int `name:"shutdown-timeout" placeholder:"SECONDS" default:"5" daemon:"shutdown-timeout" help:"Kill a process that has not exited by then."`
	GracefulTimeout   int `name:"graceful-timeout" placeholder:"SECONDS" default:"15" daemon:"graceful-timeout" help:"Time for running requests when a process is replaced."`
	EvictionTimeout   int `name:"eviction-timeout" placeholder:"SECONDS" default:"0" daemon:"eviction-timeout" help:"The same when SIGUSR1 asks for the replacement; 0 for --graceful-timeout."`
	RestartInterval   int `name:"restart-interval" placeholder:"SECONDS" default:"0" daemon:"restart-interval" help:"Replace each process after this time; 0 for never."`
	CPUTimeLimit      int `name:"cpu-time-limit" placeholder:"SECONDS" default:"0" daemon:"cpu-time-limit" help:"Replace a process that has used this much CPU time; 0 for never."`
	DeadlockTimeout   int `name:"deadlock-timeout" placeholder:"SECONDS" default:"60" daemon:"deadlock-timeout" help:"Replace a process that does not let go of Python's lock."`
	InactivityTimeout int `name:"inactivity-timeout" placeholder:"SECONDS" default:"0" daemon:"inactivity-timeout" help:"Replace a process without requests for so long; 0 for never."`
	RequestTimeout    int `name:"request-timeout" placeholder:"SECONDS" default:"180" help:"Replace a process whose requests are stuck, or held by slow clients, for so long."`
	InterruptTimeout  int `name:"interrupt-timeout" placeholder:"SECONDS" default:"0" daemon:"interrupt-timeout" help:"Before that, raise RequestTimeout in the stuck request and give it this time; 0 for not."`
	ConnectTimeout    int `name:"connect-timeout" placeholder:"SECONDS" max:"3600" default:"15" daemon:"connect-timeout" help:"How long Apache tries to reach the application."`
	SocketTimeout     int `name:"socket-timeout" placeholder:"SECONDS" min:"1" default:"60" daemon:"socket-timeout" help:"How long one read or write may take, and so how long the application may send nothing; more with a --request-timeout."`
	QueueTimeout      int `name:"queue-timeout" placeholder:"SECONDS" default:"45" daemon:"queue-timeout" help:"Answer 504 to a request that waited longer for the application."`
	HeaderTimeout     int `name:"header-timeout" placeholder:"SECONDS" default:"15" help:"Time for a client to send the headers."`
	HeaderMaxTimeout  int `name:"header-max-timeout" placeholder:"SECONDS" default:"30" help:"Upper bound when --header-min-rate prolongs it."`
	HeaderMinRate     int `name:"header-min-rate" placeholder:"BYTES" default:"500" help:"Each so many bytes received prolong it by a second."`
	BodyTimeout       int `name:"body-timeout" placeholder:"SECONDS" default:"15" help:"Time for a client to send the body."`
	BodyMaxTimeout    int `name:"body-max-timeout" placeholder:"SECONDS" default:"0" help:"Upper bound when --body-min-rate prolongs it; 0 for none."`
	BodyMinRate       int `name:"body-min-rate" placeholder:"BYTES" default:"500" help:"Each so many bytes received prolong it by a second."`
}

// Buffers lie between Apache and the application.
type Buffers struct {
	SendBufferSize        int `name:"send-buffer-size" placeholder:"BYTES" default:"0" daemon:"send-buffer-size" help:"Socket buffer towards the application; 0 for the system's."`
	ReceiveBufferSize     int `name:"receive-buffer-size" placeholder:"BYTES" default:"0" daemon:"receive-buffer-size" help:"Socket buffer from the application; 0 for the system's."`
	HeaderBufferSize      int `name:"header-buffer-size" placeholder:"BYTES" default:"0" daemon:"header-buffer-size" help:"Longest response header; 0 for 32768."`
	ResponseBufferSize    int `name:"response-buffer-size" placeholder:"BYTES" default:"0" daemon:"response-buffer-size" help:"Response bytes passed on before a flush; 0 for mod_wsgi's default."`
	ResponseSocketTimeout int `name:"response-socket-timeout" placeholder:"SECONDS" default:"0" daemon:"response-socket-timeout" help:"How long a write to the client may take; 0 for --socket-timeout."`
	ResponseFlushDelay    int `name:"response-flush-delay" placeholder:"MILLISECONDS" default:"5" daemon:"response-flush-delay" help:"How long to wait for more of the response before a flush."`
}

// Reloading is how a changed source reaches the running server.
type Reloading struct {
	ReloadOnChanges bool `name:"reload-on-changes" help:"Development: restart the application when a module or template that it read changes."`
}

// Account is who the application runs as when root starts the server.
type Account struct {
	User  string `name:"user" placeholder:"USER" help:"Account of the application; needed when root starts the server."`
	Group string `name:"group" placeholder:"GROUP" help:"Group of the application; by default that of --user."`

	Trusted []string `name:"trust" placeholder:"USER" own:"1" help:"When root starts the server, use what this account can change as if it were root's own. It can become root then."`
}

// Static are files that Apache serves by itself.
type Static struct {
	templates.Static
	MIMETypes string `name:"mime-types" placeholder:"FILE" asroot:"1" help:"File of MIME types; by default the system's."`
}

// Content changes requests and responses on their way.
type Content struct {
	templates.Requests
	templates.Responses
	RewriteRules string   `name:"rewrite-rules" placeholder:"FILE" asroot:"1" help:"mod_rewrite rules for the document root; by default rewrite.conf of the server root."`
	IncludeFiles []string `name:"include-file" placeholder:"FILE" asroot:"1" help:"Apache configuration to add at the end."`
}

// Proxying passes requests to other servers, and trusts those in front.
type Proxying struct {
	templates.Proxies
	ProxyVirtualHosts [][2]string `name:"proxy-virtual-host" placeholder:"HOSTNAME URL" help:"Pass requests for this host name to the server at URL."`
	templates.TrustedProxies
}

// Metrics tell how the server does.
type Metrics struct {
	ServerMetrics     bool     `name:"server-metrics" daemon:"server-metrics" help:"Let the application read Apache's scoreboard."`
	ServerStatus      bool     `name:"server-status" help:"Apache's status page at /server-status, for this machine only."`
	TelemetryService  string   `name:"telemetry-service" placeholder:"unix:/PATH" help:"Send telemetry to the service at this socket."`
	EnableTelemetry   bool     `name:"enable-telemetry" aliases:"monitor" help:"Show what the processes do on a page, with figures for Prometheus (wsgictl monitor)."`
	TelemetryUIPort   int      `name:"telemetry-ui-port" placeholder:"NUMBER" min:"1" max:"65535" default:"8888" help:"Port of that page, on 127.0.0.1."`
	TelemetryInterval float64  `name:"telemetry-interval" placeholder:"SECONDS" default:"1.0" help:"Time between two samples, at least 0.5."`
	TelemetryOptions  []string `name:"telemetry-options" placeholder:"ARGS" help:"Arguments of WSGITelemetryOptions, such as +CaptureUserAgent."`
	SlowRequests      *float64 `name:"slow-requests" placeholder:"SECONDS" help:"Report requests that run longer; needs telemetry."`
}

// Access decides who gets in.
type Access struct {
	HostAccessScript string `name:"host-access-script" placeholder:"FILE" help:"Python script that decides by the client's address."`
	AuthUserScript   string `name:"auth-user-script" placeholder:"FILE" help:"Python script that checks user and password."`
	AuthType         string `name:"auth-type" placeholder:"TYPE" default:"Basic" help:"Basic or Digest."`
	AuthGroupScript  string `name:"auth-group-script" placeholder:"FILE" help:"Python script that tells a user's groups; needs --auth-user-script."`
	AuthGroup        string `name:"auth-group" placeholder:"NAME" default:"wsgi" help:"Group that a user must be in."`
}

// Environment is what the processes find around them.
type Environment struct {
	EnvvarsScript string `name:"envvars-script" placeholder:"FILE" asroot:"1" help:"Shell file that apachectl reads first; by default envvars of the server root."`
	Locale        string `name:"locale" placeholder:"NAME" help:"Locale of the application; by default the shell's, or a UTF-8 one where that is C."`
	Lang          string `name:"lang" placeholder:"NAME" hidden:"1"`
	templates.Environ
}

// Places are files and folders that the server makes.
type Places struct {
	ServerRoot   string `name:"server-root" placeholder:"DIR" asroot:"1" help:"Folder for all that is generated; by default one in $TMPDIR or /tmp."`
	PIDFile      string `name:"pid-file" placeholder:"FILE" asroot:"1" help:"File for the process id; by default httpd.pid of the server root."`
	SocketPrefix string `name:"socket-prefix" placeholder:"DIR" asroot:"1" help:"Folder for the sockets of the daemon processes; by default the server root."`
}

// Logs are what the server writes while it runs.
type Logs struct {
	LogDirectory string `name:"log-directory" placeholder:"DIR" asroot:"1" help:"Folder of the log files; by default the server root."`
	templates.Logs
	LogToTerminal        bool   `name:"log-to-terminal" help:"Log to the terminal instead of to files."`
	StartupLog           bool   `name:"startup-log" help:"Log what Apache says while it starts."`
	ErrorLogName         string `name:"error-log-name" placeholder:"FILE" asroot:"1" default:"error_log" help:"Name of the error log."`
	AccessLogName        string `name:"access-log-name" placeholder:"FILE" asroot:"1" default:"access_log" help:"Name of the access log."`
	StartupLogName       string `name:"startup-log-name" placeholder:"FILE" asroot:"1" default:"startup_log" help:"Name of the startup log."`
	RotateLogs           bool   `name:"rotate-logs" help:"Start a new log file when one is full."`
	MaxLogSize           int    `name:"max-log-size" placeholder:"MB" default:"5" help:"When it is full."`
	RotatelogsExecutable string `name:"rotatelogs-executable" placeholder:"FILE" asroot:"1" help:"The rotatelogs program; by default the one beside httpd."`
	VerboseDebugging     bool   `name:"verbose-debugging" hidden:"1"`
}

// Python is how the interpreter is set up.
type Python struct {
	Venv           string   `name:"venv" placeholder:"DIR" own:"1" help:"Virtualenv of the application and of mod_wsgi; by default VIRTUAL_ENV, .venv, venv or env in the working directory or above, or the one in it."`
	PythonPaths    []string `name:"python-path" placeholder:"DIR" help:"Folder to import from; .pth files in it are not read."`
	PythonEggs     string   `name:"python-eggs" placeholder:"DIR" help:"Folder to unpack eggs in; by default python-eggs of the server root."`
	PythonWarnings []string `name:"python-warnings" placeholder:"SPEC" help:"Warning filter, as of python -W."`
	SwitchInterval *float64 `name:"switch-interval" placeholder:"SECONDS" help:"How long a thread may keep Python's lock when others wait; 0.005 by default."`
	FreeThreading  bool     `name:"free-threading" help:"Run without Python's lock (needs a free-threaded Python)."`
}

// Programs are Apache's, and how they are run.
type Programs struct {
	Verbose          bool     `name:"verbose" own:"1" help:"Tell which programs are started, how long they take, and which files decide; also -v."`
	HTTPDExecutable  string   `name:"httpd-executable" placeholder:"FILE" asroot:"1" help:"The httpd program; the variable HTTPD wins over it."`
	ModulesDirectory string   `name:"modules-directory" placeholder:"DIR" asroot:"1" help:"Folder of Apache's modules."`
	ServerMPM        []string `name:"server-mpm" placeholder:"NAME" help:"MPM that may be used; the first there is of worker, event and prefork."`
	ShellExecutable  string   `name:"shell-executable" placeholder:"FILE" asroot:"1" help:"Shell of the apachectl script; by default bash or sh."`
	ProcessName      string   `name:"process-name" placeholder:"NAME" help:"Name of Apache's parent process in ps."`
}

// Handlers run other things than the application.
type Handlers struct {
	HandlerScripts [][2]string `name:"add-handler" placeholder:"EXTENSION FILE" help:"WSGI script that serves files of this extension below the document root."`
	WithCGI        bool        `name:"with-cgi" help:"Run .cgi files of the document root."`
	WithPHP5       bool        `name:"with-php5" hidden:"1"`
}

// Services are Python scripts with a process of their own.
type Services struct {
	ServiceScripts  [][2]string `name:"service-script" placeholder:"SERVICE FILE" help:"Run a Python script in a process of its own."`
	ServiceUsers    [][2]string `name:"service-user" placeholder:"SERVICE USER" help:"Account of a service, when root starts the server."`
	ServiceGroups   [][2]string `name:"service-group" placeholder:"SERVICE GROUP" help:"Group of a service, when root starts the server."`
	ServiceLogFiles [][2]string `name:"service-log-file" placeholder:"SERVICE FILE" asroot:"1" help:"Log file of a service of its own, in the log folder."`
}

// Modes change how the application is run as a whole.
type Modes struct {
	OrphanInterpreter bool `name:"orphan-interpreter" help:"End processes without taking Python down; exit handlers do not run."`
	EmbeddedMode      bool `name:"embedded-mode" help:"Run the application inside Apache's own processes."`
	EnableDocs        bool `name:"enable-docs" help:"mod_wsgi's documentation at /__wsgi__/docs."`
	SetupOnly         bool `name:"setup-only" help:"Write the files and do not start."`
	SystemdUnit       bool `name:"systemd-unit" own:"1" help:"Also write a unit file for systemd into the server root."`
}

// Debugging is for one developer at one terminal.
type Debugging struct {
	DebugMode         bool   `name:"debug-mode" help:"One process, one thread, at the terminal."`
	EnableDebugger    bool   `name:"enable-debugger" help:"Open pdb where an exception leaves the application. Each of these --enable options switches --debug-mode on."`
	DebuggerStartup   bool   `name:"debugger-startup" help:"Open pdb before the first request too, to set breakpoints."`
	EnableCoverage    bool   `name:"enable-coverage" help:"Write a coverage report when the server stops (needs the package coverage)."`
	CoverageDirectory string `name:"coverage-directory" placeholder:"DIR" help:"Folder of the report; by default htmlcov of the server root."`
	EnableProfiler    bool   `name:"enable-profiler" help:"Write a profile when the server stops."`
	ProfilerDirectory string `name:"profiler-directory" placeholder:"DIR" help:"Folder of profiles; by default pstats of the server root."`
	EnableRecorder    bool   `name:"enable-recorder" help:"Record each request and response with headers and bodies; wsgictl recordings shows them."`
	RecorderDirectory string `name:"recorder-directory" placeholder:"DIR" help:"Folder of recordings; by default archive of the server root."`
	EnableGDB         bool   `name:"enable-gdb" help:"Run Apache under gdb."`
	GDBExecutable     string `name:"gdb-executable" placeholder:"FILE" asroot:"1" default:"gdb" help:"The gdb program."`
}
