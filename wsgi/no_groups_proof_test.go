package wsgi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// TestGroupsOfServerWithoutAnyAreRefused asks servers that declare no
// WSGIDaemonProcess at all: mod_wsgi refuses each name with a code of its own,
// and the empty one runs embedded.
func TestGroupsOfServerWithoutAnyAreRefused(t *testing.T) {
	t.Parallel()
	for release, logged := range map[string]string{
		"4.9.4":                 "No WSGI daemon process called 'app' has been configured",
		modwsgi.Newest.String(): "WSGI0150: No WSGI daemon process called 'app' has been configured",
	} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			configuration := s.LoadModule(release) + strings.ReplaceAll(`
ErrorLogFormat "%{X-Probe}i|%M"
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias /option SCRIPT process-group=app
WSGIScriptAlias /global SCRIPT process-group=%{GLOBAL}
WSGIScriptAlias /plain SCRIPT
WSGIScriptAlias /variable SCRIPT process-group=%{ENV:POOL}
SetEnv POOL app
<Location /plain/app>
WSGIProcessGroup app
</Location>
<Location /plain/restricted>
WSGIProcessGroup app
WSGIRestrictProcess other
</Location>
`, "SCRIPT", s.Write("app.wsgi", wsgitest.Script))
			b := &wsgitest.Batch{Label: release, Server: s, Configuration: configuration}
			want := map[string]string{"/option": "WSGI0150", "/global": "", "/plain": "", "/variable": "WSGI0150", "/plain/app": "WSGI0150", "/plain/restricted": "WSGI0149"}
			for path := range want {
				b.URLs = append(b.URLs, wsgitest.Probe{Host: "127.0.0.1", Path: path, Port: s.Port})
			}
			s.Start(configuration)
			config, err := conf.Read(s.Root+"/httpd.conf", conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Release{})}})
			if err != nil {
				t.Fatal(err)
			}
			view := wsgi.Look(config, modwsgi.Release{}, nil)
			for i, seen := range b.Ask(t) {
				path := b.URLs[i].Path
				answer, err := view.Serving(fmt.Sprintf("http://127.0.0.1:%d%s", s.Port, path))
				if err != nil || answer.Application == nil || answer.Application.Error != want[path] {
					t.Errorf("%s: %v, %+v, want %q", path, err, answer, want[path])
				}
				if want[path] == "WSGI0150" && (seen.Status != 500 || !strings.Contains(seen.Log, logged)) {
					t.Errorf("%s: status %d, log %q, want 500 and %q", path, seen.Status, seen.Log, logged)
				}
				if want[path] == "" && seen.Status != 200 {
					t.Errorf("%s: status %d, want 200", path, seen.Status)
				}
			}
		})
	}
}
