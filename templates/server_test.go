package templates_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

var update = flag.Bool("update", false, "write the text seen into testdata")

// TestServerWritesOnlyWhatApplies holds the whole httpd.conf of a plain server,
// as a person will read it.
func TestServerWritesOnlyWhatApplies(t *testing.T) {
	t.Parallel()
	server := templates.Server{
		Release: modwsgi.MustParseRelease("6.1.1"), Mode: templates.DaemonMode,
		Name: "localhost", Root: "/srv/shop", PIDFile: "/srv/shop/httpd.pid", User: "shop", Group: "shop", Listen: []string{"8000"},
		Modules: []templates.ServerModule{{Name: "mpm_worker", Path: "/usr/lib/apache2/modules/mod_mpm_worker.so"}},
		Module:  "/srv/shop/.venv/mod_wsgi.so", PythonHome: "/srv/shop/.venv", MIMETypes: "/etc/mime.types",
		Capacity: templates.Capacity{MPM: "worker", ThreadLimit: 48, ThreadStackSize: 262144, ServerLimit: 26, StartServers: 1, ThreadsPerChild: 48, MinSpare: 24, MaxSpare: 192,
			MaxRequestWorkers: 1104},
		MaxKeepAliveRequests: 500, Held: 1029,
		Timeout: 60, ListenBacklog: 500,
		Clients:      templates.Clients{LimitRequestBody: new(templates.DefaultRequestBody), RequestReadTimeout: "header=15-30,MinRate=500 body=15,MinRate=500", KeepAliveTimeout: new(2)},
		SocketPrefix: "/srv/shop/wsgi", Callable: "application", Requests: templates.Requests{MapHeadToGet: "Auto"},
		AppComment: "request-timeout fires after 23 × (1 + ln 5) = 60 s.",
		AppDaemon: templates.DaemonGroup{Name: "localhost:8000",
			Options: []modwsgi.Setting{{Name: "threads", Value: "5"}, {Name: "display-name", Value: "(wsgi:shop)"}}},
		Logs:   templates.LogFiles{Logs: templates.Logs{LogLevel: "warn"}, Errors: "/srv/shop/error log"},
		Static: templates.Static{DocumentRoot: "/srv/shop/htdocs[1]"}, MountFolder: "/srv/shop/htdocs[1]", RewriteRules: templates.Included{Path: "/srv/shop/rewrite.conf"},
		HandlerScript: "/srv/shop/handler.wsgi", AppGroup: "%{GLOBAL}", Preload: true,
	}
	got, err := server.Render()
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/server.conf"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

// TestServerRefusesWhatNoLineCanHold: a line break would start a directive.
func TestServerRefusesWhatNoLineCanHold(t *testing.T) {
	t.Parallel()
	for _, server := range []templates.Server{
		{Name: "a\nUser root"}, {Static: templates.Static{DocumentRoot: "/srv/${HOME}"}}, {Environ: templates.Environ{Setenv: []templates.Variable{{Key: "A", Value: "b\n"}}}}, {Includes: []templates.Included{{Path: "x\x00"}}},
	} {
		if text, err := server.Render(); err == nil {
			t.Errorf("rendered %+v as\n%s", server, text)
		}
	}
	if _, err := (templates.ControlScript{HTTPD: "a\x00"}).Render(); err == nil {
		t.Error("a shell word with a NUL was rendered")
	}
}
