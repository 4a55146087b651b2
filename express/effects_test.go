package express_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/needtest"
)

// An effect is what one option changes in the files of a server root: a text
// that is not there without it.
type effect struct {
	option string
	args   string // words, with blanks between; the option and what it needs
	file   string // httpd.conf where it is empty
	want   string // may begin with "no:", for a text that is there without it
}

// effects has a case for each option, those that other tests show on a running
// server too. $ROOT and $APP are the server root and the application's folder.
var effects = []effect{
	{"application-type", "--application-type module", "handler.wsgi", `loader.load("module", "hello"`},
	{"entry-point", "--entry-point $APP/other.wsgi", "handler.wsgi", "/other.wsgi"},
	{"callable-object", "--callable-object app", "", "WSGICallableObject app\n"},
	{"application-group", "--application-group shop", "", "application-group=shop"},
	{"process-group", "--process-group shop", "", "WSGIDaemonProcess shop \\\n"},
	{"health", "--mount-point /shop --health /healthz", "ready.py", `"/shop/healthz")`},
	{"mount-point", "--mount-point /shop", "handler.wsgi", `at_mount_point(application, "/shop")`},
	{"working-directory", "--working-directory /usr", "", "home=/usr \\"},

	{"host", "--host 127.0.0.1", "", "Listen 127.0.0.1:8000\n"},
	{"port", "--port 8765", "", "Listen 8765\n"},
	{"http2", "--http2", "", "Protocols h2 h2c http/1.1\n"},
	{"https-port", "--https-port 8443 --ssl-certificate $APP/site", "", "Listen 8443\n"},
	{"ssl-certificate", "--https-port 8443 --ssl-certificate $APP/site", "", "SSLCertificateKeyFile $APP/site.key\n"},
	{"ssl-certificate-file", "--https-port 8443 --ssl-certificate-file $APP/site.crt --ssl-certificate-key-file $APP/site.key", "", "SSLCertificateFile $APP/site.crt\n"},
	{"ssl-certificate-key-file", "--https-port 8443 --ssl-certificate-file $APP/site.crt --ssl-certificate-key-file $APP/site.key", "", "SSLCertificateKeyFile $APP/site.key\n"},
	{"ssl-certificate-chain-file", "--https-port 8443 --ssl-certificate $APP/site --ssl-certificate-chain-file $APP/site.crt", "", "SSLCertificateChainFile $APP/site.crt\n"},
	{"ssl-ca-certificate-file", "--https-port 8443 --ssl-certificate $APP/site --ssl-ca-certificate-file $APP/site.crt", "", "SSLCACertificateFile $APP/site.crt\n    SSLVerifyClient require\n"},
	{"ssl-verify-client", "--https-port 8443 --ssl-certificate $APP/site --ssl-ca-certificate-file $APP/site.crt --ssl-verify-client /admin", "", "<Location /admin>\n    AuthMerging And\n    Require expr"},
	{"ssl-environment", "--https-port 8443 --ssl-certificate $APP/site --ssl-environment", "", "SSLOptions +StdEnvVars\n"},
	{"https-only", "--https-port 8443 --ssl-certificate $APP/site --https-only", "", `Redirect temp / https://localhost:8443/`},
	{"hsts-policy", "--https-port 8443 --ssl-certificate $APP/site --hsts-policy max-age=99", "", "Header always set Strict-Transport-Security max-age=99\n"},
	{"server-name", "--server-name www.example.com", "", "ServerName www.example.com\n"},
	{"server-alias", "--server-name www.example.com --server-alias *.example.org", "", "ServerAlias \"*.example.org\"\n"},
	{"allow-localhost", "--server-name www.example.com --allow-localhost", "", "Require local\n"},

	{"processes", "--processes 3", "", "processes=3 \\"},
	{"threads", "--threads 7", "", "threads=7 \\"},
	{"max-clients", "--max-clients 40", "", "MaxRequestWorkers 40\n"},
	{"initial-workers", "--initial-workers 0.4", "", "StartServers 7\n"},
	{"minimum-spare-workers", "--minimum-spare-workers 0.5", "", "MinSpareThreads 576\n"},
	{"maximum-spare-workers", "--maximum-spare-workers 0.9", "", "MaxSpareThreads 1036\n"},
	{"limit-request-body", "--limit-request-body 99", "", "LimitRequestBody 99\n"},
	{"server-backlog", "--server-backlog 77", "", "ListenBacklog 77\n"},
	{"daemon-backlog", "--daemon-backlog 77", "", "listen-backlog=77 \\"},
	{"maximum-requests", "--maximum-requests 99", "", "maximum-requests=99"},

	{"startup-timeout", "--startup-timeout 3", "", "startup-timeout=3 \\"},
	{"shutdown-timeout", "--shutdown-timeout 3", "", "shutdown-timeout=3 \\"},
	{"graceful-timeout", "--graceful-timeout 3", "", "graceful-timeout=3 \\"},
	{"eviction-timeout", "--eviction-timeout 3", "", "eviction-timeout=3 \\"},
	{"restart-interval", "--restart-interval 3", "", "restart-interval=3 \\"},
	{"cpu-time-limit", "--cpu-time-limit 3", "", "cpu-time-limit=3 \\"},
	{"deadlock-timeout", "--deadlock-timeout 3", "", "deadlock-timeout=3 \\"},
	{"inactivity-timeout", "--inactivity-timeout 3", "", "inactivity-timeout=3 \\"},
	{"ignore-activity", "--ignore-activity /health", "", "<Location /health>\n    WSGIIgnoreActivity On\n"},
	{"request-timeout", "--request-timeout 120", "", "fires after 46 × (1 + ln 5) = 120 s"},
	{"interrupt-timeout", "--interrupt-timeout 10", "", "interrupt-timeout=10 \\"},
	{"connect-timeout", "--connect-timeout 3", "", "connect-timeout=3 \\"},
	{"socket-timeout", "--socket-timeout 33", "", "\nTimeout 33\n"},
	{"proxy-timeout", "--proxy-timeout 33 --proxy-mount-point /api http://127.0.0.1:1/", "", "ProxyTimeout 33\n"},
	{"queue-timeout", "--queue-timeout 3", "", "queue-timeout=3 \\"},
	{"header-timeout", "--header-timeout 7", "", "header=7-30,MinRate=500"},
	{"header-max-timeout", "--header-max-timeout 77", "", "header=15-77,MinRate=500"},
	{"header-min-rate", "--header-min-rate 7", "", "header=15-30,MinRate=7 "},
	{"body-timeout", "--body-timeout 7", "", "body=7,MinRate=500"},
	{"body-max-timeout", "--body-max-timeout 77", "", "body=15-77,MinRate=500"},
	{"body-min-rate", "--body-min-rate 7", "", "body=15,MinRate=7\n"},
	{"keep-alive-timeout", "--keep-alive-timeout 0", "", "KeepAlive Off\n"},

	{"supplementary-groups", "--supplementary-groups mail", "", "supplementary-groups=mail \\"},
	{"umask", "--umask 0027", "", "umask=0027 \\"},
	{"stack-size", "--stack-size 1048576", "", "stack-size=1048576 \\"},
	{"cpu-priority", "--cpu-priority 5", "", "cpu-priority=5"},
	{"memory-limit", "--memory-limit 1000000000", "", "memory-limit=1000000000"},
	{"virtual-memory-limit", "--virtual-memory-limit 9000000000", "", "virtual-memory-limit=9000000000"},

	{"send-buffer-size", "--send-buffer-size 8192", "", "send-buffer-size=8192"},
	{"receive-buffer-size", "--receive-buffer-size 8192", "", "receive-buffer-size=8192"},
	{"header-buffer-size", "--header-buffer-size 65536", "", "header-buffer-size=65536"},
	{"response-buffer-size", "--response-buffer-size 99999", "", "response-buffer-size=99999"},
	{"response-socket-timeout", "--response-socket-timeout 9", "", "response-socket-timeout=9"},
	{"response-flush-delay", "--response-flush-delay 9", "", "response-flush-delay=9"},
	{"enable-sendfile", "--enable-sendfile", "", "WSGIEnableSendfile On\n"},

	{"disable-reloading", "--disable-reloading", "", "WSGIScriptReloading Off\n"},
	{"reload-on-changes", "--reload-on-changes", "handler.wsgi", "reload_required = reloader.start()\n"},

	{"user", "--user daemon", "apachectl", "MOD_WSGI_USER='daemon'"},
	{"trust", "--trust daemon", "", "# --trust daemon: this account can change"},
	{"group", "--user daemon --group mail", "apachectl", "MOD_WSGI_GROUP='mail'"},

	{"document-root", "--document-root $APP", "", "DocumentRoot $APP\n"},
	{"directory-index", "--directory-index index.html", "", "DirectoryIndex index.html\n"},
	{"directory-listing", "--directory-listing", "", "Options FollowSymLinks Indexes\n"},
	{"allow-override", "--allow-override Limit --allow-override Indexes", "", "AllowOverride Limit Indexes\n"},
	{"url-alias", "--url-alias /static /usr/share --url-alias /static/x /usr/lib", "", "Alias /static/x /usr/lib\n<Directory \"/usr/lib\">"},
	{"mime-types", "--mime-types /dev/null", "", "TypesConfig /dev/null\n"},

	{"map-head-to-get", "--map-head-to-get Off", "", "WSGIMapHEADToGET Off\n"},
	{"error-document", "--error-document 404 /404.html", "", "ErrorDocument 404 /404.html\n"},
	{"error-override", "--error-override", "", "WSGIErrorOverride On\n"},
	{"compress-responses", "--compress-responses", "", "AddOutputFilterByType DEFLATE"},
	{"chunked-request", "--chunked-request", "", "WSGIChunkedRequest On\n"},
	{"rewrite-rules", "--rewrite-rules $APP/rules.conf", "", `Include "$APP/rules.conf"`},
	{"include-file", "--include-file $APP/more.conf", "", `Include "$APP/more.conf"`},

	{"proxy-mount-point", "--proxy-mount-point /api http://127.0.0.1:1", "", "ProxyPass /api/ http://127.0.0.1:1/ upgrade=websocket\n"},
	{"proxy-virtual-host", "--proxy-virtual-host api.example.com http://127.0.0.1:1", "", "ServerName api.example.com\n"},
	{"trust-proxy-header", "--trust-proxy-header X-Forwarded-For", "", "WSGITrustedProxyHeaders X-Forwarded-For\n"},
	{"trust-proxy", "--trust-proxy 10.0.0.0/8", "", "WSGITrustedProxies 10.0.0.0/8\n"},

	{"server-metrics", "--server-metrics", "", "WSGIServerMetrics On\n"},
	{"server-status", "--server-status", "", "SetHandler server-status\n"},
	{"telemetry-service", "--telemetry-service unix:/run/t.sock", "", "WSGITelemetryService unix:/run/t.sock interval=1\n"},
	{"enable-telemetry", "--enable-telemetry", "", "WSGIDaemonProcess service:telemetry \\\n"},
	{"telemetry-ui-port", "--enable-telemetry --telemetry-ui-port 9999", "telemetry-service.py", `"--listen", "127.0.0.1:9999"`},
	{"telemetry-interval", "--telemetry-service unix:/run/t.sock --telemetry-interval 2.5", "", "interval=2.5\n"},
	{"telemetry-options", "--telemetry-options +CaptureUserAgent", "", "WSGITelemetryOptions +CaptureUserAgent\n"},
	{"slow-requests", "--telemetry-service unix:/run/t.sock --slow-requests 1.5", "", "WSGISlowRequests 1.5\n"},

	{"host-access-script", "--host-access-script $APP/access.wsgi", "", "WSGIAccessScript $APP/access.wsgi\n"},
	{"auth-user-script", "--auth-user-script $APP/access.wsgi", "", "WSGIAuthUserScript $APP/access.wsgi\n"},
	{"auth-type", "--auth-user-script $APP/access.wsgi --auth-type Digest", "", "AuthDigestProvider wsgi\n"},
	{"auth-group-script", "--auth-user-script $APP/access.wsgi --auth-group-script $APP/access.wsgi", "", "Require wsgi-group wsgi\n"},
	{"auth-group", "--auth-user-script $APP/access.wsgi --auth-group-script $APP/access.wsgi --auth-group staff", "", "Require wsgi-group staff\n"},

	{"envvars-script", "--envvars-script $APP/more.conf", "apachectl", "envvars='$APP/more.conf'\n"},
	{"locale", "--locale C.utf8", "apachectl", "LANG='C.utf8'"},
	{"lang", "--lang C.utf8", "apachectl", "LANG='C.utf8'"},
	{"setenv", "--setenv COLOUR green", "", "SetEnv COLOUR green\n"},
	{"passenv", "--passenv PATH", "", "PassEnv PATH\n"},

	{"server-root", "", "apachectl", "cd "},
	{"pid-file", "--pid-file /run/x.pid", "", "PidFile /run/x.pid\n"},
	{"socket-prefix", "--socket-prefix /run", "", "WSGISocketPrefix /run/wsgi\n"},

	{"log-directory", "--log-directory $ROOT/logs", "", "ErrorLog $ROOT/logs/error_log\n"},
	{"log-level", "--log-level info", "", "LogLevel info\n"},
	{"verbose-debugging", "--verbose-debugging", "", "LogLevel warn wsgi:debug\n"},
	{"log-to-terminal", "--log-to-terminal", "", "no:ErrorLog $ROOT/error_log"},
	{"access-log", "--access-log", "", `CustomLog $ROOT/access_log "%h %l %u %t \"%r\" %>s %b"`},
	{"startup-log", "--startup-log", "apachectl", "'-E' '$ROOT/startup_log'"},
	{"access-log-format", "--access-log --access-log-format %h", "", "CustomLog $ROOT/access_log %h\n"},
	{"error-log-format", "--error-log-format %M", "", "ErrorLogFormat %M\n"},
	{"error-log-name", "--error-log-name errors", "", "ErrorLog $ROOT/errors\n"},
	{"access-log-name", "--access-log --access-log-name hits", "", "CustomLog $ROOT/hits "},
	{"startup-log-name", "--startup-log --startup-log-name began", "apachectl", "'-E' '$ROOT/began'"},
	{"rotate-logs", "--rotate-logs", "", "rotatelogs $ROOT/error_log.%Y-%m-%d-%H_%M_%S 5M\"\n"},
	{"max-log-size", "--rotate-logs --max-log-size 9", "", " 9M\"\n"},
	{"rotatelogs-executable", "--rotate-logs --rotatelogs-executable $APP/httpd", "", "ErrorLog \"|$APP/httpd "},

	{"venv", "", "", "WSGIPythonHome "},
	{"python-path", "--python-path $APP/lib --python-path /opt", "", "python-path=$APP/lib:/opt \\"},
	{"python-eggs", "--python-eggs $ROOT/eggs", "", "python-eggs=$ROOT/eggs \\"},
	{"python-warnings", "--python-warnings error", "", "WSGIPythonWarnings error\n"},
	{"switch-interval", "--switch-interval 0.02", "", "WSGISwitchInterval 0.02\n"},

	{"httpd-executable", "--httpd-executable $APP/httpd", "apachectl", "'$APP/httpd' '-f'"},
	{"modules-directory", "--modules-directory $APP/modules", "", "LoadModule mpm_worker_module $APP/modules/mod_mpm_worker.so\n"},
	{"server-mpm", "--server-mpm prefork", "", "LoadModule mpm_prefork_module"},
	{"shell-executable", "--shell-executable /bin/sh", "apachectl", "#!/bin/sh\n"},
	{"process-name", "--shell-executable /bin/bash --process-name my-apache", "apachectl", "exec -a 'my-apache"},

	{"add-handler", "--add-handler .htm $APP/other.wsgi", "", "AddHandler wsgi-resource .htm\n"},
	{"with-cgi", "--with-cgi", "", "AddHandler cgi-script .cgi\n"},
	{"service-script", "--service-script tick $APP/service.py", "", "WSGIDaemonProcess service:tick \\\n"},
	{"service-user", "--service-script tick $APP/service.py --service-user tick daemon", "", "user=daemon \\\n"},
	{"service-group", "--service-script tick $APP/service.py --service-group tick mail", "", "group=mail \\\n"},
	{"service-log-file", "--service-script tick $APP/service.py --service-log-file tick tick_log", "", "ErrorLog $ROOT/tick_log\n"},

	{"orphan-interpreter", "--orphan-interpreter", "", "WSGIDestroyInterpreter Off\n"},
	{"embedded-mode", "--embedded-mode", "apachectl", "'-DEMBEDDED_MODE'"},
	{"enable-docs", "--enable-docs", "", `Redirect temp "/__wsgi__/docs"`},
	{"systemd-unit", "--systemd-unit", "root.service", "ExecStart=$ROOT/apachectl start\n"},

	{"debug-mode", "--debug-mode", "apachectl", "'-DONE_PROCESS'"},
	{"enable-debugger", "--enable-debugger", "handler.wsgi", "debugger.PostMortem(application, at_start=False)"},
	{"debugger-startup", "--enable-debugger --debugger-startup", "handler.wsgi", "at_start=True"},
	{"enable-coverage", "--enable-coverage", "handler.wsgi", `coverage.start("$ROOT/htmlcov")`},
	{"coverage-directory", "--enable-coverage --coverage-directory $APP/cov", "handler.wsgi", `coverage.start("$APP/cov")`},
	{"enable-profiler", "--enable-profiler", "handler.wsgi", `profiler.start("$ROOT/pstats")`},
	{"profiler-directory", "--enable-profiler --profiler-directory $APP/prof", "handler.wsgi", `profiler.start("$APP/prof")`},
	{"enable-recorder", "--enable-recorder", "handler.wsgi", `recorder.Recorder(application, "$ROOT/archive")`},
	{"recorder-directory", "--enable-recorder --recorder-directory $APP/rec", "handler.wsgi", `recorder.Recorder(application, "$APP/rec")`},
	{"enable-gdb", "--enable-gdb", "apachectl", "gdb' --args '"},
	{"gdb-executable", "--enable-gdb --gdb-executable $APP/httpd", "apachectl", "exec '$APP/httpd' "},
}

// TestValuesMeanWhatTheyMeanUpstream has the values that mod_wsgi-express copies
// into httpd.conf as they are.
func TestValuesMeanWhatTheyMeanUpstream(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	for _, test := range []struct {
		name string
		args []string
		want string // in httpd.conf; may begin with "no:"
	}{
		{"several index files", []string{"--directory-index", "home.html index.html"}, "DirectoryIndex home.html index.html\n"},
		{"several names", []string{"--server-name", "a.org", "--server-alias", "b.org c.org"}, "ServerAlias b.org\n    ServerAlias c.org\n"},
		{"several names, one of them without www", []string{"--server-name", "www.a.org", "--server-alias", "b.org a.org"}, "no:ServerName a.org\n"},
		{"the name without www", []string{"--server-name", "www.a.org", "--server-alias", "b.org c.org"}, "ServerName a.org\n"},
		{"several proxies", []string{"--trust-proxy", "127.0.0.1 10.0.0.0/8"}, "WSGITrustedProxies 127.0.0.1 10.0.0.0/8\n"},
		{"several headers", []string{"--trust-proxy-header", "X-Forwarded-For X-Forwarded-Proto"}, "WSGITrustedProxyHeaders X-Forwarded-For X-Forwarded-Proto\n"},
		{"a policy in quotes", []string{"--https-port", "8443", "--ssl-certificate", "$APP/site", "--hsts-policy", `"max-age=9; preload"`}, `Strict-Transport-Security "max-age=9; preload"` + "\n"},
		{"a Python folder below the working directory", []string{"--working-directory", "/usr", "--python-path", "share"}, "python-path=/usr/share \\"},
		{"a pattern for files to include", []string{"--include-file", "m*.conf"}, `Include "$APP/m*.conf"`},
		{"a server root that looks like a pattern", []string{"--server-root", "$ROOT[1]"}, `Include "$ROOT[[]1]/rewrite.conf"`},
		{"a pattern for rules", []string{"--rewrite-rules", "r*.conf"}, `Include "$APP/r*.conf"`},
		{"sockets below the server root", []string{"--socket-prefix", "run"}, "WSGISocketPrefix $ROOT/run/wsgi\n"},
		{"logs elsewhere", []string{"--error-log-name", "/var/log/e", "--access-log", "--access-log-name", "/var/log/a"}, "CustomLog /var/log/a "},
		{"a log of a service elsewhere", []string{"--service-script", "tick", "$APP/service.py", "--service-log-file", "tick", "/var/log/t"}, "ErrorLog /var/log/t\n"},
		{"a program on PATH", []string{"--rotate-logs", "--rotatelogs-executable", "cat"}, `cat $ROOT/error_log.`},
		{"a timeout of proxies that are not there", []string{"--proxy-timeout", "5"}, "no:ProxyTimeout"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i := range test.args {
				test.args[i] = a.expand(test.args[i])
			}
			got := text(a.plan(t, test.args), "httpd.conf")
			want, negated := strings.CutPrefix(a.expand(test.want), "no:")
			if strings.Contains(got, want) == negated {
				t.Errorf("want %q in it (or not: %v):\n%s", want, negated, got)
			}
		})
	}
}

// shownElsewhere are options whose effect is no text of a file.
var shownElsewhere = map[string]string{
	"setup-only":     "TestSetupOnlyDoesNotStart",
	"verbose":        "golden/command/verbose.txtar",
	"free-threading": "TestPlanRefuses",
	"with-php5":      "TestPlanRefuses",
}

func TestEachOptionHasAnEffect(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	app := newApplication(t, "6.1.1")
	without := app.plan(t, nil)
	for _, e := range effects {
		covered[e.option] = true
		t.Run(e.option, func(t *testing.T) {
			if os.Getuid() != 0 && (e.option == "user" || e.option == "group" || e.option == "trust" || e.option == "supplementary-groups") {
				needtest.Root(t)
			}
			with := app.plan(t, app.words(e.args))
			file := e.file
			if file == "" {
				file = "httpd.conf"
			}
			want, negated := strings.CutPrefix(app.expand(e.want), "no:")
			before, after := text(without, file), text(with, file)
			if negated {
				before, after = after, before
			}
			if !strings.Contains(after, want) {
				t.Errorf("%s does not contain %q; what it has and lacks:\n%s", file, want, cmp.Diff(before, after))
			}
			if e.args != "" && strings.Contains(before, want) {
				t.Errorf("%s contains %q without the option too", file, want)
			}
		})
	}
	for _, option := range express.Table() {
		if !covered[option.Name] && shownElsewhere[option.Name] == "" {
			t.Errorf("--%s has no case that shows its effect", option.Name)
		}
	}
}

// text is the content of a file of a server root that is only planned.
func text(setup *express.Setup, name string) string {
	for _, file := range setup.Files {
		if file.Path == filepath.Join(setup.Root, name) {
			return file.Text
		}
	}
	return ""
}

// plan computes the server root of the application with more options.
func (a *application) plan(t *testing.T, args []string) *express.Setup {
	t.Helper()
	setup, err := a.try(append([]string{filepath.Join(a.Dir, "hello.wsgi")}, args...))
	if err != nil {
		t.Fatal(err)
	}
	return setup
}

// try is plan for command lines that may be refused.
func (a *application) try(args []string) (*express.Setup, error) {
	args = append(a.account(), append([]string{"--venv", a.Venv, "--server-root", a.Root}, args...)...)
	command, err := express.Parse(args, os.LookupEnv)
	if err != nil {
		return nil, err
	}
	return express.Plan(context.Background(), command, express.Caller{
		Dir: a.Dir, UID: os.Getuid(), Lookup: a.lookup, Verb: "setup-server", Program: a.Program, Executable: a.Executable, Build: a.Build,
	})
}
