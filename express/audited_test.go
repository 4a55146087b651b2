package express_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// TestServerRootIsAuditedAsItIsMeant writes server roots and audits them: the
// inventory names what is really served, and no rule finds anything but what an
// option asks for.
func TestServerRootIsAuditedAsItIsMeant(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args     string
		served   string // script, callable and mode of each application
		findings string // names of rules
	}{
		{"", "hello.wsgi application daemon", ""},
		{"--processes 3 --threads 10 --document-root site", "hello.wsgi application daemon", ""},
		{"--callable-object app --mount-point /shop", "hello.wsgi app daemon", ""},
		{"--application-type module --entry-point shop.web:app", "shop/web.py app daemon", ""},
		{"--application-type static --entry-point $APP/site", "", ""},
		{"--server-name www.example.com --server-alias example.com --allow-localhost", "hello.wsgi application daemon\nhello.wsgi application daemon", ""},
		{"--trust-proxy-header X-Forwarded-For --trust-proxy 127.0.0.1", "hello.wsgi application daemon", ""},
		{"--https-port 8443 --ssl-certificate $APP/site --https-only", "hello.wsgi application daemon", ""},
		{"--url-alias /static site --document-root site --with-cgi", "hello.wsgi application daemon", ""},
		{"--service-script tasks other.wsgi --reload-on-changes", "hello.wsgi application daemon", ""},
		{"--auth-user-script access.wsgi --auth-type Basic", "hello.wsgi application daemon", "pass-authorization-with-apache-auth auth-script-embedded"},
		{"--embedded-mode", "hello.wsgi application embedded", "embedded-mode"},
		{"--debug-mode", "hello.wsgi application embedded", "embedded-mode"},
		{"--request-timeout 0", "hello.wsgi application daemon", ""},
		{"--limit-request-body 0", "hello.wsgi application daemon", "limit-request-body"},
	} {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			a.write(t, "shop/web.py", "def app(environ, start_response):\n    pass\n")
			a.write(t, "site/index.html", "")
			words := strings.Fields(a.expand(test.args))
			if !strings.Contains(test.args, "--entry-point") {
				words = append(words, filepath.Join(a.Dir, "hello.wsgi"))
			}
			setup, err := a.try(words)
			if err != nil {
				t.Fatal(err)
			}
			if err := setup.Write(t.Context()); err != nil {
				t.Fatal(err)
			}
			config, err := conf.Read(filepath.Join(a.Root, "httpd.conf"), conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}})
			if err != nil {
				t.Fatal(err)
			}
			view := wsgi.Look(config, modwsgi.Newest, nil)
			var served []string
			for _, x := range view.Applications {
				served = append(served, strings.Join([]string{strings.TrimPrefix(x.Script, a.Dir+"/"), x.Callable, string(x.Mode)}, " "))
			}
			if diff := cmp.Diff(test.served, strings.Join(served, "\n")); diff != "" {
				t.Errorf("applications (-want +got):\n%s", diff)
			}
			var names []string
			for _, f := range audit.Run(view, audit.Settings{}).Findings {
				if names = append(names, f.Rule.Name); !strings.Contains(test.findings, f.Rule.Name) {
					t.Logf("%s: %s", f.Rule.Name, f.Message)
				}
			}
			if diff := cmp.Diff(test.findings, strings.Join(names, " ")); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
