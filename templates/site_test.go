package templates_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// newSite is a site for s, whose application is testdata/environ.wsgi.
func newSite(t *testing.T, s *httpdtest.Server) templates.Site {
	t.Helper()
	text, err := os.ReadFile("testdata/environ.wsgi")
	if err != nil {
		t.Fatal(err)
	}
	s.Write("app/secret.txt", "secret")
	return templates.Site{
		Name: "site", ServerName: "site.test", Port: s.Port, LogDirectory: s.Root,
		Application: templates.Application{Script: s.Write("app/environ.wsgi", string(text))},
	}
}

// startSite starts s with site and its daemon process group; extra stands
// before both.
func startSite(t *testing.T, s *httpdtest.Server, site templates.Site, extra string) {
	t.Helper()
	group, err := templates.Daemon{Name: site.Name, Release: modwsgi.MustParseRelease(newest)}.Render()
	if err != nil {
		t.Fatal(err)
	}
	hosts, err := site.Render()
	if err != nil {
		t.Fatal(err)
	}
	s.Start(extra + s.LoadModule(newest) + group + hosts)
}

func TestHTTPSSiteRedirectsAndSaysSo(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	site := newSite(t, s)
	site.HTTPSPort = httpdtest.FreePort(t)
	site.SSLCertificateFile, site.SSLCertificateKeyFile = writeCertificate(t, s)
	startSite(t, s, site, fmt.Sprintf("Listen 127.0.0.1:%d\n", site.HTTPSPort))

	plain := request(t, s.URL+"/a/b?c=d", nil)
	if want := fmt.Sprintf("https://site.test:%d/a/b?c=d", site.HTTPSPort); plain.StatusCode != http.StatusMovedPermanently || plain.Header.Get("Location") != want {
		t.Errorf("HTTP: %s to %q, want 301 to %q", plain.Status, plain.Header.Get("Location"), want)
	}
	secure := request(t, fmt.Sprintf("https://127.0.0.1:%d/", site.HTTPSPort), nil)
	if got := secure.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
	if got := seen(t, secure)["wsgi.url_scheme"]; got != "https" {
		t.Errorf("the application sees the scheme %q", got)
	}
}

// TestClientCertificateOpensAPath: without one, the path is closed by HTTPS, and
// by HTTP, which has none, always.
func TestClientCertificateOpensAPath(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	site := newSite(t, s)
	site.HTTPSPort, site.HTTPSOnly = httpdtest.FreePort(t), new(false)
	site.SSLCertificateFile, site.SSLCertificateKeyFile = writeCertificate(t, s)
	site.SSLCACertificateFile, site.SSLCertificateChainFile = site.SSLCertificateFile, site.SSLCertificateFile
	site.SSLVerifyClient, site.SSLEnvironment = []string{"/admin"}, true
	startSite(t, s, site, fmt.Sprintf("Listen 127.0.0.1:%d\n", site.HTTPSPort))

	pair, err := tls.LoadX509KeyPair(site.SSLCertificateFile, site.SSLCertificateKeyFile)
	if err != nil {
		t.Fatal(err)
	}
	secure := fmt.Sprintf("https://127.0.0.1:%d", site.HTTPSPort)
	for _, test := range []struct {
		url     string
		present []tls.Certificate
		want    int
	}{
		{s.URL + "/", nil, 200}, {s.URL + "/admin/x", nil, 403},
		{secure + "/", nil, 200}, {secure + "/admin/x", nil, 403}, {secure + "/admin/x", []tls.Certificate{pair}, 200},
	} {
		response := requestWith(t, test.url, nil, test.present)
		if response.StatusCode != test.want {
			t.Errorf("%s with %d certificates: %s, want %d", test.url, len(test.present), response.Status, test.want)
		}
		if test.present != nil {
			if got := seen(t, response)["SSL_CLIENT_VERIFY"]; got != "SUCCESS" {
				t.Errorf("the application sees SSL_CLIENT_VERIFY %q", got)
			}
		}
	}
}

func TestSiteServesItsFilesAndNoOthers(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	site := newSite(t, s)
	site.MountPoint = "/app/"
	s.Write("static/a.txt", "a")
	s.Write("static/folder/b.txt", "b")
	site.URLAlias = []templates.Alias{
		{URL: "/static/", Path: s.Root + "/static"},
		{URL: "/app/robots.txt", Path: s.Write("app/robots.txt", "robots")},
		{URL: "/app/files", Path: s.Root + "/static/folder/"},
	}
	s.Write("htdocs/index.html", "home")
	s.Write("htdocs/other.txt", "other")
	site.DocumentRoot = s.Root + "/htdocs/"
	site.LimitRequestBody = new(int64(10))
	startSite(t, s, site, "")

	for path, want := range map[string]string{
		"/static/a.txt": "200 a", "/static/folder/b.txt": "200 b", "/app/files/b.txt": "200 b", "/app/robots.txt": "200 robots",
		"/static/": "404", "/static/folder/": "404", "/static/none": "404", "/staticky": "404", "/secret.txt": "404",
		"/": "200 home", "/other.txt": "200 other",
	} {
		response := request(t, s.URL+path, nil)
		body, _ := io.ReadAll(response.Body)
		got := fmt.Sprint(response.StatusCode)
		if response.StatusCode == http.StatusOK {
			got += " " + string(body)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if diff := cmp.Diff("/app", seen(t, request(t, s.URL+"/app/secret.txt", nil))["SCRIPT_NAME"]); diff != "" {
		t.Errorf("mount point (-want +got):\n%s", diff)
	}
	response, err := http.Post(s.URL+"/app/", "text/plain", strings.NewReader("eleven bytes"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body above the limit: %s, want 413", response.Status)
	}
	if log, _ := os.ReadFile(site.AccessLogFile()); !strings.Contains(string(log), `"GET /static/a.txt HTTP/1.1" 200 1 `) {
		t.Errorf("access log:\n%s", log)
	}
}

func TestHeadersAreBelievedFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	for proxy, want := range map[string]string{"127.0.0.0/8": "192.0.2.7", "10.0.0.1": "127.0.0.1"} {
		s := httpdtest.New(t)
		site := newSite(t, s)
		site.TrustedProxy = []string{proxy}
		startSite(t, s, site, "")
		header := http.Header{"X-Forwarded-For": {"192.0.2.7"}, "X-Forwarded-Proto": {"https"}}
		if got := seen(t, request(t, s.URL+"/", header))["REMOTE_ADDR"]; got != want {
			t.Errorf("proxy %s trusted: client %s, want %s", proxy, got, want)
		}
	}
}

func TestAuthorizationIsPassedWhereAskedFor(t *testing.T) {
	t.Parallel()
	for _, pass := range []bool{false, true} {
		s := httpdtest.New(t)
		site := newSite(t, s)
		site.PassAuthorization = new(pass)
		startSite(t, s, site, "")
		got := seen(t, request(t, s.URL+"/", http.Header{"Authorization": {"Bearer token"}}))["HTTP_AUTHORIZATION"]
		if (got == "Bearer token") != pass {
			t.Errorf("pass-authorization %v: the application sees %q", pass, got)
		}
	}
}

// Certbot copies a virtual host for port 443, with all that stands in it.
func TestCopyOfTheVirtualHostNeedsNoSecondDaemon(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	site := newSite(t, s)
	hosts, err := site.Render()
	if err != nil {
		t.Fatal(err)
	}
	port := httpdtest.FreePort(t)
	copied := strings.Replace(hosts, fmt.Sprintf("*:%d>", s.Port), fmt.Sprintf("*:%d>", port), 1)
	group, err := templates.Daemon{Name: site.Name, Release: modwsgi.MustParseRelease(newest)}.Render()
	if err != nil {
		t.Fatal(err)
	}
	s.Start(fmt.Sprintf("Listen 127.0.0.1:%d\n", port) + s.LoadModule(newest) + group + hosts + copied)
	for _, port := range []int{s.Port, port} {
		if response := request(t, fmt.Sprintf("http://127.0.0.1:%d/", port), nil); response.StatusCode != http.StatusOK {
			t.Errorf("port %d: %s", port, response.Status)
		}
	}
}

func TestSpecificAliasComesFirst(t *testing.T) {
	t.Parallel()
	site := templates.Site{Name: "site", ServerName: "site.test", Application: templates.Application{Script: "/srv/app.wsgi"},
		Static: templates.Static{URLAlias: []templates.Alias{{URL: "/a", Path: "/srv/a"}, {URL: "/a/b/", Path: "/srv/b/"}, {URL: "/c", Path: "/srv/c"}}}}
	text, err := site.Render()
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "Alias ") {
			order = append(order, line)
		}
	}
	if diff := cmp.Diff([]string{"Alias /c /srv/c", "Alias /a/b /srv/b", "Alias /a /srv/a"}, order); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// request sends a GET for site.test, and follows no redirect.
func request(t *testing.T, url string, header http.Header) *http.Response {
	t.Helper()
	return requestWith(t, url, header, nil)
}

// requestWith is request with a client certificate.
func requestWith(t *testing.T, url string, header http.Header, certificates []tls.Certificate) *http.Response {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "site.test"
	for name, values := range header {
		request.Header[name] = values
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, Certificates: certificates}, DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// seen is the answer of environ.wsgi.
func seen(t *testing.T, response *http.Response) map[string]string {
	t.Helper()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", response.Request.URL, response.Status)
	}
	var environ map[string]string
	if err := json.NewDecoder(response.Body).Decode(&environ); err != nil {
		t.Fatal(err)
	}
	return environ
}

// writeCertificate makes a certificate for site.test and gives its file and
// that of its key.
func writeCertificate(t *testing.T, s *httpdtest.Server) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"site.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return s.Write("certificate.pem", encode("CERTIFICATE", der)), s.Write("key.pem", encode("PRIVATE KEY", keyDER))
}

func TestSiteListsFoldersAndReadsHtaccessWhereAskedFor(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	site := newSite(t, s)
	site.MountPoint = "/app"
	s.Write("htdocs/home.html", "home")
	s.Write("htdocs/folder/a.txt", "a")
	s.Write("htdocs/closed/.htaccess", "Require all denied\n")
	s.Write("htdocs/closed/b.txt", "b")
	site.DocumentRoot, site.DirectoryIndex, site.DirectoryListing = s.Root+"/htdocs", "home.html", true
	site.AllowOverride = []string{"AuthConfig"}
	var modules strings.Builder
	for _, name := range []string{"dir", "autoindex"} {
		fmt.Fprintf(&modules, "<IfModule !%[1]s_module>\nLoadModule %[1]s_module %[2]s/mod_%[1]s.so\n</IfModule>\n", name, httpdtest.ModulesDir(t))
		if !slices.Contains(site.Modules(), name) {
			t.Errorf("it needs %v, want %s among them", site.Modules(), name)
		}
	}
	startSite(t, s, site, modules.String())
	for path, want := range map[string]string{"/": "200 home", "/folder/": "200 a.txt", "/closed/b.txt": "403 "} {
		response := request(t, s.URL+path, nil)
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		status, text, _ := strings.Cut(want, " ")
		if fmt.Sprint(response.StatusCode) != status || !strings.Contains(string(body), text) {
			t.Errorf("%s: %s %s, want %s", path, response.Status, body, want)
		}
	}
}
