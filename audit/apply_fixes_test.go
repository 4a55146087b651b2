package audit_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// lookAt reads the configuration of a real server.
func lookAt(t *testing.T, file string) *wsgi.View {
	t.Helper()
	config, err := conf.Read(file, conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}})
	if err != nil {
		t.Fatal(err)
	}
	return wsgi.Look(config, modwsgi.Newest, nil)
}

// TestFixMovesApplicationIntoDaemon shows a real server before and after: two
// embedded applications, one of them in a pair of virtual hosts, and a group
// that nobody had named.
func TestFixMovesApplicationIntoDaemon(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	for _, name := range []string{"shop", "blog"} {
		s.Write("srv/"+name+"/app.wsgi", wsgitest.Script)
	}
	other := httpdtest.FreePort(t)
	configuration := s.LoadModule("6.1.1") + strings.NewReplacer("ROOT", s.Root, "PORT", strconv.Itoa(s.Port), "OTHER", strconv.Itoa(other)).Replace(`
Listen 127.0.0.1:OTHER
<VirtualHost *:PORT>
    ServerName shop.test
    WSGIScriptAlias / ROOT/srv/shop/app.wsgi
</VirtualHost>
<VirtualHost *:OTHER>
    ServerName shop.test
    WSGIScriptAlias / ROOT/srv/shop/app.wsgi
</VirtualHost>
<VirtualHost *:PORT>
    ServerName blog.test
    WSGIDaemonProcess blog
    WSGIScriptAlias / ROOT/srv/blog/app.wsgi
</VirtualHost>
`)
	s.Start(configuration)
	for _, host := range []string{"shop.test", "blog.test"} {
		if group := groupOf(t, s, host); group != "" {
			t.Fatalf("%s runs in %q before, want embedded", host, group)
		}
	}
	s.Stop()
	fixed := fixAll(t, s.Root+"/httpd.conf")
	base := strings.Index(fixed, "LoadModule wsgi_module")
	s.Start(fixed[base:]) // what stands before, the server writes itself
	for host, want := range map[string]string{"shop.test": "shop.test", "blog.test": "blog"} {
		if group := groupOf(t, s, host); group != want {
			t.Errorf("%s runs in %q after, want %q\n%s", host, group, want, fixed)
		}
	}
	for _, a := range lookAt(t, s.Root+"/httpd.conf").Applications {
		if a.Mode != wsgi.DaemonMode {
			t.Errorf("%s is %s after", a.Name(), a.Mode)
		}
	}
}

// fixAll makes all fixes until none is left, and gives the text.
func fixAll(t *testing.T, file string) string {
	t.Helper()
	for range 5 {
		view := lookAt(t, file)
		files, made, err := audit.ApplyFixes(audit.Run(view, audit.Settings{}).Findings, true)
		if err != nil {
			t.Fatal(err)
		}
		if len(made) == 0 {
			return view.Config.Files[0].Source
		}
		for _, f := range files {
			if err := os.WriteFile(f.File.Name, []byte(f.Text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Fatal("there is always something more to fix")
	return ""
}

// groupOf is the process group that serves a host.
func groupOf(t *testing.T, s *httpdtest.Server, host string) string {
	t.Helper()
	status, body := s.Get(host, "/")
	if status != 200 {
		t.Fatalf("GET %s: status %d\n%s", host, status, s.ErrorLog())
	}
	group, _, _ := strings.Cut(body, "\n")
	return group
}
