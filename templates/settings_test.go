package templates_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// A neighbour is one of the sites of a server: NAME.test.
type neighbour struct {
	*httpdtest.Server
	site templates.Site
}

// A settingCase is what one setting does to a site, and what is seen of its
// neighbour without it.
type settingCase struct {
	name          string
	set           func(*templates.Site)
	see           func(*testing.T, neighbour) string
	with, without string
}

func settingCases(backend string) []settingCase {
	return []settingCase{
		{"chunked-request", func(s *templates.Site) { s.ChunkedRequest = true }, func(t *testing.T, n neighbour) string {
			response, body := n.ask(t, http.MethodPost, "/", strings.NewReader("without a length"), nil)
			return fmt.Sprint(response.StatusCode, " ", environOf(body)["body"])
		}, "200 without a length", "411 "},
		{"map-head-to-get", func(s *templates.Site) { s.MapHeadToGet = "On" }, func(t *testing.T, n neighbour) string {
			response, _ := n.ask(t, http.MethodHead, "/", nil, nil)
			return response.Header.Get("X-Method")
		}, "GET", "HEAD"},
		{"error-document", func(s *templates.Site) {
			s.ErrorDocument = []templates.ErrorDocument{{Status: 413, URL: "/static/sorry.html"}}
		},
			func(t *testing.T, n neighbour) string {
				response, body := n.ask(t, http.MethodPost, "/", strings.NewReader(strings.Repeat("x", 2000)), http.Header{"Content-Length": {"2000"}})
				return fmt.Sprint(response.StatusCode, " ", body == "sorry")
			}, "413 true", "413 false"},
		{"error-override", func(s *templates.Site) { s.ErrorOverride = true }, func(t *testing.T, n neighbour) string {
			response, body := n.ask(t, http.MethodGet, "/broken", nil, nil)
			return fmt.Sprint(response.StatusCode, " ", body == "the application's own page")
		}, "500 false", "500 true"},
		{"compress-responses", func(s *templates.Site) { s.CompressResponses = true }, func(t *testing.T, n neighbour) string {
			response, _ := n.ask(t, http.MethodGet, "/", nil, http.Header{"Accept-Encoding": {"gzip"}})
			return response.Header.Get("Content-Encoding")
		}, "gzip", ""},
		{"setenv", func(s *templates.Site) { s.Setenv = []templates.Variable{{Key: "COLOUR", Value: "dark green"}} }, variable("COLOUR"), "dark green", ""},
		{"passenv", func(s *templates.Site) { s.Passenv = []string{"LANG"} }, variable("LANG"), "C", ""},
		{"proxy-mount-point", func(s *templates.Site) {
			s.ProxyMountPoint = []templates.Proxy{{URL: "/api", To: backend + "/v1"}}
		}, func(t *testing.T, n neighbour) string {
			bare, _ := n.ask(t, http.MethodGet, "/api", nil, nil)
			_, body := n.ask(t, http.MethodGet, "/api/items?id=7", nil, nil) // "/v1/items?id=7 under /api", or JSON
			return strings.TrimPrefix(bare.Header.Get("Location"), "http://"+n.site.ServerName) + " " + body[:1]
		}, "/api/ /", " {"},
		{"proxy-timeout", func(s *templates.Site) {
			s.ProxyMountPoint, s.ProxyTimeout = []templates.Proxy{{URL: "/api/", To: backend + "/"}}, new(1)
		}, func(t *testing.T, n neighbour) string {
			response, _ := n.ask(t, http.MethodGet, "/api/silent", nil, nil)
			return fmt.Sprint(response.StatusCode)
		}, "502", "200"},
		{"keep-alive-timeout", func(s *templates.Site) { s.KeepAliveTimeout = new(77) }, keepAlive, "timeout=77", "timeout=5"},
		{"no keep-alive-timeout", func(s *templates.Site) { s.KeepAliveTimeout = new(0) }, keepAlive, "", "timeout=5"},
		{"http2", func(s *templates.Site) { s.HTTP2 = true }, func(t *testing.T, n neighbour) string {
			response, _ := n.ask(t, http.MethodGet, "https:/", nil, nil)
			return response.Proto
		}, "HTTP/2.0", "HTTP/1.1"},
		{"log-level", func(s *templates.Site) { s.LogLevel = "warn authz_core:debug" }, func(t *testing.T, n neighbour) string {
			n.ask(t, http.MethodGet, "/", nil, nil)
			return fmt.Sprint(strings.Contains(read(t, n.site.ErrorLogFile()), "AH01626: authorization result"))
		}, "true", "false"},
		{"error-log-format", func(s *templates.Site) { s.ErrorLogFormat = "marked %M" }, func(t *testing.T, n neighbour) string {
			n.ask(t, http.MethodGet, "/static/", nil, nil)
			return fmt.Sprint(strings.Contains(read(t, n.site.ErrorLogFile()), "marked AH"))
		}, "true", "false"},
		{"access-log-format", func(s *templates.Site) { s.AccessLogFormat = "%m and %s" }, accessLog, "GET and 200", "127.0.0.1 - - ["},
		{"access-log", func(s *templates.Site) { s.AccessLog = new(false) }, func(t *testing.T, n neighbour) string {
			_, err := os.Stat(n.site.AccessLogFile())
			return fmt.Sprint(err == nil)
		}, "false", "true"},
	}
}

// TestSettingsOfASiteAreItsOwn: each setting of a virtual host does what it says, and
// does it to no other site of the same Apache.
func TestSettingsOfASiteAreItsOwn(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/silent" {
			<-ended
		}
		fmt.Fprintf(w, "%s under %s\n", r.URL, r.Header.Get("X-Forwarded-Prefix"))
	}))
	t.Cleanup(func() { close(ended); backend.Close() })
	s := httpdtest.New(t)
	plain := newSite(t, s)
	plain.Script = s.Write("app/settings.wsgi", read(t, "testdata/settings.wsgi"))
	s.Write("static/sorry.html", "sorry")
	plain.URLAlias = []templates.Alias{{URL: "/static", Path: filepath.Join(s.Root, "static")}}
	plain.HTTPSPort, plain.HTTPSOnly, plain.LimitRequestBody = httpdtest.FreePort(t), new(false), new(int64(1000))
	plain.SSLCertificateFile, plain.SSLCertificateKeyFile = writeCertificate(t, s)

	cases := settingCases(backend.URL)
	sites := []templates.Site{plain}
	for i, c := range cases {
		site := plain
		site.Name, site.Daemon, site.ServerName = fmt.Sprintf("site%d", i), plain.Name, fmt.Sprintf("site%d.test", i)
		c.set(&site)
		sites = append(sites, site)
	}
	startSites(t, s, sites)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.see(t, neighbour{s, sites[i+1]}); got != c.with {
				t.Errorf("with it: %q, want %q", got, c.with)
			}
			if got := c.see(t, neighbour{s, plain}); got != c.without {
				t.Errorf("without it: %q, want %q", got, c.without)
			}
		})
	}
}

// TestTouchedScriptIsLoadedAnewUnlessDisabled has one that was not looked at again
// beside one that was.
func TestTouchedScriptIsLoadedAnewUnlessDisabled(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	const script = "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'%s']\n"
	watched := newSite(t, s)
	watched.Script = s.Write("app/watched.wsgi", fmt.Sprintf(script, "old"))
	disabled := watched
	disabled.Name, disabled.Daemon, disabled.ServerName = "disabled", watched.Name, "disabled.test"
	disabled.Script, disabled.DisableReloading = s.Write("app/disabled.wsgi", fmt.Sprintf(script, "old")), true
	startSites(t, s, []templates.Site{watched, disabled}, modwsgi.Setting{Name: "processes", Value: "1"})

	for _, site := range []templates.Site{disabled, watched} {
		if _, body := (neighbour{s, site}).ask(t, http.MethodGet, "/", nil, nil); body != "old" {
			t.Fatalf("%s answers %q before it is touched", site.Name, body)
		}
		if err := os.WriteFile(site.Script, fmt.Appendf(nil, script, "new"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(site.Script, time.Time{}, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []struct { // in this order: the second has the process of both replaced
		site   templates.Site
		answer string
	}{{disabled, "old"}, {watched, "new"}} {
		if _, body := (neighbour{s, want.site}).ask(t, http.MethodGet, "/", nil, nil); body != want.answer {
			t.Errorf("%s answers %q, want %q", want.site.Name, body, want.answer)
		}
	}
}

// TestIgnoredRequestsKeepNoProcess: without the setting the process would see a
// request every few milliseconds, and go on.
func TestIgnoredRequestsKeepNoProcess(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	site := newSite(t, s)
	site.IgnoreActivity = []string{"/health"}
	startSites(t, s, []templates.Site{site}, modwsgi.Setting{Name: "inactivity-timeout", Value: "2"}, modwsgi.Setting{Name: "processes", Value: "1"})
	n := neighbour{s, site}
	n.ask(t, http.MethodGet, "/", nil, nil)
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		n.ask(t, http.MethodGet, "/health", nil, nil)
		if strings.Contains(s.ErrorLog(), "inactivity timer expired") {
			return
		}
	}
	t.Errorf("the process was not replaced:\n%s", s.ErrorLog())
}

// startSites starts s with sites that one daemon process group serves.
func startSites(t *testing.T, s *httpdtest.Server, sites []templates.Site, settings ...modwsgi.Setting) {
	t.Helper()
	group, err := templates.Daemon{Name: sites[0].Name, Release: modwsgi.MustParseRelease(newest), Settings: settings}.Render()
	if err != nil {
		t.Fatal(err)
	}
	configuration := s.LoadModule(newest) + group
	if port := sites[0].HTTPSPort; port != 0 {
		configuration += fmt.Sprintf("Listen 127.0.0.1:%d\n", port)
	}
	for _, site := range sites {
		hosts, err := site.Render()
		if err != nil {
			t.Fatal(err)
		}
		configuration += hosts
	}
	s.Start(configuration)
}

// ask sends a request to the site, by HTTPS where path begins with https:, and
// follows no redirect. A body without a Content-Length among the headers is chunked.
func (n neighbour) ask(t *testing.T, method, path string, body io.Reader, header http.Header) (*http.Response, string) {
	t.Helper()
	url := n.URL + path
	if path, secure := strings.CutPrefix(path, "https:"); secure {
		url = fmt.Sprintf("https://127.0.0.1:%d%s", n.site.HTTPSPort, path)
	}
	if body != nil && header.Get("Content-Length") == "" {
		body = io.MultiReader(body) // whose length nobody knows
	}
	request, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = n.site.ServerName
	for name, values := range header {
		request.Header[name] = values
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: n.site.ServerName}, ForceAttemptHTTP2: true, DisableCompression: true,
	}
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// environOf is what settings.wsgi has answered; empty where it was not asked.
func environOf(body string) map[string]string {
	var environ map[string]string
	_ = json.Unmarshal([]byte(body), &environ)
	return environ
}

// variable sees one of the environ.
func variable(name string) func(*testing.T, neighbour) string {
	return func(t *testing.T, n neighbour) string {
		_, body := n.ask(t, http.MethodGet, "/", nil, nil)
		return environOf(body)[name]
	}
}

// keepAlive sees how long the connection stays open.
func keepAlive(t *testing.T, n neighbour) string {
	response, _ := n.ask(t, http.MethodGet, "/", nil, http.Header{"Connection": {"keep-alive"}})
	timeout, _, _ := strings.Cut(response.Header.Get("Keep-Alive"), ",")
	return timeout
}

// accessLog sees how the line of the access log begins, which is written behind the
// response.
func accessLog(t *testing.T, n neighbour) string {
	n.ask(t, http.MethodGet, "/", nil, nil)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if line, _, written := strings.Cut(read(t, n.site.AccessLogFile()), "\n"); written {
			return line[:min(len(line), 15)]
		}
	}
	return ""
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
