package system

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What a site of others answers must not tell that wsgictl is there: no header of
// any response is another one.
func TestResponsesOfOthersHaveTheSameHeadersWithAndWithoutUs(t *testing.T) {
	t.Parallel()
	for name, security := range map[string]string{"as Debian says": "ServerTokens OS\n", "as httpd does by itself": "", "shortest": "ServerTokens Prod\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newStoppedInstance(t, "event")
			i.write("conf-available/security.conf", security)
			for _, file := range []string{"wsgi.load", "wsgi.conf"} { // the distribution's mod_wsgi names itself, too
				os.Remove(filepath.Join(i.root, "mods-enabled", file))
			}
			i.Manager = i.manager(filepath.Join(i.apps, "../store"), nil)
			i.serveStatic()
			i.start()
			before := i.headers("static.example.org", "of-nobody.example.org")
			for _, names := range [][]string{{"hello"}, {"hello", "shop"}} {
				if err := i.apply(i.declare("6.1.1", names...)); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before, i.headers("static.example.org", "of-nobody.example.org")); diff != "" {
					t.Errorf("%v: other headers (-without wsgictl +with it):\n%s", names, diff)
				}
			}
		})
	}
}

// Who wants every response to name what Apache runs gets that.
func TestServerTokensOfAnAdministratorCount(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	i.write("conf-available/security.conf", "ServerTokens Full\n")
	i.serveStatic()
	i.start()
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	if server := i.headers("static.example.org")["GET static.example.org/"].Get("Server"); !strings.Contains(server, "mod_wsgi/6.1.1") {
		t.Errorf("the Server header is %q", server)
	}
}

// The file by which a probe is answered leaves no trace in any other response.
func TestProbeLeavesNoTraceInResponses(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	i.serveStatic()
	i.start()
	if err := i.apply(i.declare("6.1.1", "hello", "shop")); err != nil {
		t.Fatal(err)
	}
	hosts := []string{"hello.example.org", "shop.example.org", "static.example.org", "of-nobody.example.org"}
	with := i.headers(hosts...)
	i.write("conf-available/wsgictl.conf", "")
	if err := i.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := i.Apache.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(i.headers(hosts...), with); diff != "" {
		t.Errorf("other headers (-without wsgictl.conf +with it):\n%s", diff)
	}
}

// serveStatic adds a site of somebody else's that has files only.
func (i *instance) serveStatic() {
	i.t.Helper()
	page := i.write(filepath.Join(i.apps, "static/index.html"), "theirs\n")
	i.write("sites-enabled/000-default.conf", fmt.Sprintf("<VirtualHost *:%d>\n\tDocumentRoot /nowhere\n</VirtualHost>\n", i.port))
	hourAgo := time.Now().Add(-time.Hour) // httpd gives what was just written a weak ETag
	if err := os.Chtimes(page, hourAgo, hourAgo); err != nil {
		i.t.Fatal(err)
	}
	i.write("sites-enabled/static.conf", fmt.Sprintf(`<VirtualHost *:%d>
	ServerName static.example.org
	DocumentRoot %[2]s
	<Directory %[2]s>
		Require all granted
	</Directory>
</VirtualHost>
`, i.port, filepath.Join(i.apps, "static")))
}

// headers are the response headers of several requests to each host, but for the
// time of day.
func (i *instance) headers(hosts ...string) map[string]http.Header {
	i.t.Helper()
	all := map[string]http.Header{}
	for _, host := range hosts {
		for _, words := range [][2]string{{"GET", "/"}, {"GET", "/none.html"}, {"HEAD", "/"}, {"OPTIONS", "/"}, {"TRACE", "/"}, {"GET", "/%2f"}} {
			request, err := http.NewRequestWithContext(i.t.Context(), words[0], fmt.Sprintf("http://127.0.0.1:%d%s", i.port, words[1]), nil)
			if err != nil {
				i.t.Fatal(err)
			}
			request.Host = host
			response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
			if err != nil {
				i.t.Fatal(err)
			}
			response.Body.Close()
			response.Header.Del("Date")
			if allowed := strings.Split(response.Header.Get("Allow"), ","); len(allowed) > 1 {
				slices.Sort(allowed) // httpd gives them in the order of a hash table
				response.Header["Allow"] = allowed
			}
			response.Header.Set("status", response.Status)
			all[words[0]+" "+host+words[1]] = response.Header
		}
	}
	return all
}
