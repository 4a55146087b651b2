package audit_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// effects are configurations, what a real server does with them, and whether a
// rule that speaks of it finds something. ROOT stands for the server's folder.
var effects = []struct {
	rule, release string
	configuration string
	see           func(*testing.T, *httpdtest.Server) string
	seen          string
	found         bool
}{
	{"auth-script-only-htaccess", "4.9.4", restricted, getPage, "no answer", true},
	{"auth-script-only-htaccess", "6.1.1", restricted, getPage, "no answer", true},
	{"auth-script-only-htaccess", "6.1.1", restricted + "<Location /other>\nWSGIAccessScript ROOT/access.wsgi\n</Location>", getPage, "200", false},
	{"auth-script-only-htaccess", "6.1.1", restricted + "WSGIImportScript ROOT/app.wsgi process-group=%{GLOBAL} application-group=x", getPage, "200", false},
	{"auth-script-only-htaccess", "6.1.1", "WSGIRestrictEmbedded Off\n" + restricted, getPage, "200", false},
	{"auth-script-only-htaccess", "6.1.1", strings.Replace(restricted, "AllowOverride All", "AllowOverride None", 1), getPage, "200", false},

	{"body-limit-crash", "4.9.3", "LimitRequestBody 100\n<Location /app>\nLimitRequestBody 0\n</Location>", upload, "500", true},
	{"body-limit-crash", "4.9.3", "LimitRequestBody 100\n<Location /app>\nLimitRequestBody 9999\n</Location>", upload, "500", true},
	{"body-limit-crash", "4.9.3", "LimitRequestBody 0\n<Location /app>\nLimitRequestBody 9999\n</Location>", upload, "200", false},
	{"body-limit-crash", "4.9.3", "LimitRequestBody 9999\n<Location /app>\nLimitRequestBody 100\n</Location>", upload, "413", false},
	{"body-limit-crash", "4.9.4", "LimitRequestBody 100\n<Location /app>\nLimitRequestBody 0\n</Location>", upload, "200", false},

	{"virtual-host-hidden", "6.1.1", hostOf("127.0.0.1", "first") + hostOf("127.0.0.1", "second"), whoAnswers, "first", true},
	{"virtual-host-hidden", "6.1.1", hostOf("other\nServerAlias *.0.0.1", "first") + hostOf("127.0.0.1", "second"), whoAnswers, "first", true},
	{"virtual-host-hidden", "6.1.1", hostOf("other", "first") + hostOf("127.0.0.1", "second"), whoAnswers, "second", false},
	{"virtual-host-hidden", "6.1.1", hostOf("127.0.0.1", "first") + hostOf("wild\nServerAlias *", "second"), whoAnswers, "first", false},

	{"server-tokens", "6.1.1", "ServerTokens Full", serverHeader, "mod_wsgi/6.1.1 Python/", true},
	{"server-tokens", "6.1.1", "", serverHeader, "mod_wsgi/6.1.1 Python/", true},
	{"server-tokens", "6.1.1", "ServerTokens OS", serverHeader, "Apache/2.4", false},

	{"import-group-mismatch", "6.1.1", "WSGIImportScript ROOT/app.wsgi process-group=shop application-group=%{GLOBAL}", timesLoaded, "2", true},
	{"import-group-mismatch", "6.1.1", "WSGIImportScript ROOT/app.wsgi process-group=shop application-group=%{GLOBAL}\nWSGIApplicationGroup %{GLOBAL}", timesLoaded, "1", false},

	{"display-name-missing", "6.1.1", "WSGIDaemonProcess blog", commandLines, "0", true},
	{"display-name-missing", "6.1.1", "WSGIDaemonProcess blog display-name=%{GROUP}", commandLines, "1", false},
}

// restricted is a server with documents whose .htaccess file names an access
// script.
const restricted = `WSGIRestrictEmbedded On
DocumentRoot ROOT/docs
<Directory ROOT/docs>
AllowOverride All
</Directory>
`

// TestRulesTellWhatHappens shows on a real server what rules warn of.
func TestRulesTellWhatHappens(t *testing.T) {
	t.Parallel()
	for i, effect := range effects {
		t.Run(fmt.Sprint(effect.rule, i), func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			s.Write("app.wsgi", reader)
			s.Write("access.wsgi", "def allow_access(environ, host):\n    return True\n")
			s.Write("docs/index.html", "page")
			s.Write("docs/.htaccess", "WSGIAccessScript "+s.Root+"/access.wsgi\n")
			configuration := "WSGIDaemonProcess shop display-name=%{GROUP} threads=2\nWSGIScriptAlias /app ROOT/app.wsgi process-group=shop\n" + effect.configuration + "\n"
			s.Start(s.LoadModule(effect.release) + strings.ReplaceAll(configuration, "ROOT", s.Root))
			if seen := effect.see(t, s); !strings.Contains(seen, effect.seen) {
				t.Errorf("seen %s, want %s\n%s\n%s", seen, effect.seen, effect.configuration, s.ErrorLog())
			}
			release := modwsgi.MustParseRelease(effect.release)
			config, err := conf.Read(filepath.Join(s.Root, "httpd.conf"), conf.Options{Modules: []conf.Module{wsgi.Module(release)}})
			if err != nil {
				t.Fatal(err)
			}
			findings := audit.Run(wsgi.Look(config, release, nil), audit.Settings{Select: []string{effect.rule}}).Findings
			if found := len(findings) > 0; found != effect.found {
				t.Errorf("%s finds something: %v, want %v\n%s", effect.rule, found, effect.found, effect.configuration)
			}
		})
	}
}

// reader is an application that reads all of a request's body.
const reader = `import sys
print('LOADED', file=sys.stderr)
def application(environ, start_response):
    body = environ['wsgi.input'].read()
    start_response('200 OK', [])
    return [str(len(body)).encode()]
`

func getPage(t *testing.T, s *httpdtest.Server) string {
	return statusOf(t, s, http.MethodGet, "/index.html", 0)
}

func upload(t *testing.T, s *httpdtest.Server) string {
	return statusOf(t, s, http.MethodPost, "/app", 5000)
}

// statusOf is the status of the answer to a request with a body of so many
// bytes, or "no answer".
func statusOf(t *testing.T, s *httpdtest.Server, method, path string, size int) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(strings.Repeat("x", size)))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return "no answer: " + err.Error()
	}
	defer response.Body.Close()
	return fmt.Sprint(response.StatusCode)
}

// hostOf is a virtual host that tells who it is.
func hostOf(name, header string) string {
	return "<VirtualHost *>\nServerName " + name + "\nWSGIScriptAlias /shop ROOT/app.wsgi process-group=shop\nRedirect /who http://" + header + "/\n</VirtualHost>\n"
}

// whoAnswers is where the virtual host that answers leads to.
func whoAnswers(t *testing.T, s *httpdtest.Server) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/who", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.Header.Get("Location")
}

// timesLoaded is how often the application's script was loaded when it has
// answered.
func timesLoaded(t *testing.T, s *httpdtest.Server) string {
	t.Helper()
	upload(t, s)
	return fmt.Sprint(strings.Count(s.ErrorLog(), "LOADED"))
}

func serverHeader(t *testing.T, s *httpdtest.Server) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.Header.Get("Server")
}

// commandLines is the number of processes that /proc shows as those of the
// group blog.
func commandLines(t *testing.T, s *httpdtest.Server) string {
	t.Helper()
	s.Get("", "/") // Apache starts the daemons before it answers
	names, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, name := range names {
		stat, _ := os.ReadFile(name)
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) < 2 || fields[1] != fmt.Sprint(s.PID()) {
			continue
		}
		if line, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline")); strings.HasPrefix(string(line), "(wsgi:blog)") {
			count++
		}
	}
	return fmt.Sprint(count)
}
