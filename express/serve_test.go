package express_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

func TestServesWithEachRelease(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", "5.0.2", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, release)
			r := a.serve(t, "hello.wsgi")
			r.wants(r.get("/some/path"), 200, "PATH_INFO=/some/path\n")
			r.wants(r.get("/some/path"), 200, "SCRIPT_NAME=\n")
			r.wants(r.get("/"), 200, "os.MOD_WSGI_EXPRESS=true\n")
			r.wants(r.get("/"), 200, "mod_wsgi.process_group=127.0.0.1:"+strconv.Itoa(r.Port)+"\n")
		})
	}
}

func TestServesWithEachMPM(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--server-mpm", "event"}, {"--server-mpm", "prefork"}, {"--embedded-mode"}, {"--debug-mode"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			r := newApplication(t, "6.1.1").serve(t, append(args, "hello.wsgi")...)
			r.wants(r.get("/x"), 200, "PATH_INFO=/x\n")
		})
	}
}

func TestServesModules(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "shop/__init__.py", "")
	a.write(t, "shop/web.py", "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'shop']\n")
	r := a.serve(t, "--application-type", "module", "shop.web:app")
	r.wants(r.get("/"), 200, "shop")
}

func TestWelcomesWithoutApplication(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.Dir = t.TempDir()
	if err := os.Chmod(a.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	a.Dir = "/usr/share" // has nothing to serve
	r := a.serve(t)
	r.wants(r.get("/"), 200, "It runs.")
	if got := r.get("/__wsgi__/docs/x").Header.Get("Location"); got != "https://modwsgi.readthedocs.io/x" {
		t.Errorf("documentation redirects to %q", got)
	}
}

// TestServesFilesAndOthers shows what does not come from the application, and
// what is done to requests before it, on one server.
func TestServesFilesAndOthers(t *testing.T) {
	t.Parallel()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "backend %s prefix=%s port=%s", r.URL.Path, r.Header.Get("X-Forwarded-Prefix"), r.Header.Get("X-Forwarded-Port"))
	}))
	defer backend.Close()
	a := newApplication(t, "6.1.1")
	a.write(t, "www/page.html", "a page")
	a.write(t, "www/sub/list.txt", "listed")
	a.write(t, "www/404.html", "custom not found")
	a.write(t, "www/script.cgi", "#!/bin/sh\necho 'Content-Type: text/plain'\necho\necho from cgi\n")
	if err := os.Chmod(filepath.Join(a.Dir, "www/script.cgi"), 0o755); err != nil {
		t.Fatal(err)
	}
	a.write(t, "www/doc.odd", "")
	a.write(t, "static/one.css", "css{}")
	a.write(t, "more.conf", "Header set X-More yes\n")
	a.write(t, "service.py", "import sys, time\nprint('service runs, switching after', sys.getswitchinterval(), flush=True)\ntime.sleep(99)\n")
	r := a.serve(t, strings.Fields(a.expand("hello.wsgi --mount-point /shop --document-root $APP/www --url-alias /static $APP/static --url-alias /robots.txt $APP/static/one.css"+
		" --proxy-mount-point /api "+backend.URL+" --proxy-mount-point /api/deep "+backend.URL+" --proxy-virtual-host api.example.com "+backend.URL+
		" --error-document 404 /404.html --with-cgi --add-handler .odd $APP/other.wsgi --directory-listing --server-status --access-log"+
		" --include-file $APP/more.conf --compress-responses --setenv COLOUR green --trust-proxy-header X-Forwarded-For --enable-sendfile"+
		" --service-script tick $APP/service.py --service-log-file tick tick_log --switch-interval 0.02"))...)

	r.wants(r.get("/shop/x"), 200, "PATH_INFO=/x\n")
	r.wants(r.get("/shop/x"), 200, "SCRIPT_NAME=/shop\n")
	r.wants(r.get("/shop/x"), 200, "COLOUR=green\n")
	r.wants(r.get("/shop", header("X-Forwarded-For", "10.9.8.7")), 301, "")
	r.wants(r.get("/shop/", header("X-Forwarded-For", "10.9.8.7")), 200, "REMOTE_ADDR=10.9.8.7\n")
	r.wants(r.get("/page.html"), 200, "a page")
	r.wants(r.get("/sub/"), 200, "list.txt")
	r.wants(r.get("/nothing"), 404, "custom not found")
	r.wants(r.get("/static/one.css"), 200, "css{}")
	r.wants(r.get("/robots.txt"), 200, "css{}")
	r.wants(r.get("/script.cgi"), 200, "from cgi")
	r.wants(r.get("/doc.odd"), 200, "other")
	r.wants(r.get("/api/v1"), 200, "backend /v1 prefix=/api port="+strconv.Itoa(r.Port))
	r.wants(r.get("/api/deep/v1"), 200, "backend /v1 prefix=/api/deep port=")
	if got := r.get("/api?x", host("behind.example")).Header.Get("Location"); got != "http://behind.example/api/?x" {
		t.Errorf("/api redirects to %q", got)
	}
	r.wants(r.get("/v2", host("api.example.com:99")), 200, "backend /v2 prefix= port="+strconv.Itoa(r.Port))
	for _, path := range []string{"/server-status?auto", "/server-status/?auto", "/server-status/x?auto"} {
		r.wants(r.get(path), 200, "BusyWorkers")
	}
	if got := r.get("/page.html").Header.Get("X-More"); got != "yes" {
		t.Errorf("X-More is %q", got)
	}
	if got := r.get("/shop/", header("Accept-Encoding", "gzip")).Header.Get("Content-Encoding"); got != "gzip" {
		t.Errorf("Content-Encoding is %q", got)
	}
	r.await("the service has logged", func() bool {
		log, _ := os.ReadFile(filepath.Join(r.Root, "tick_log"))
		return strings.Contains(string(log), "switching after 0.02")
	})
	r.await("the access log has lines", func() bool {
		log, _ := os.ReadFile(filepath.Join(r.Root, "access_log"))
		return strings.Contains(string(log), "GET /page.html")
	})
	for _, secret := range []string{"httpd.conf", "envvars"} {
		if info, err := os.Stat(filepath.Join(r.Root, secret)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v, %v", secret, info.Mode(), err)
		}
	}
}

func TestAsksForPasswords(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	r := a.serve(t, strings.Fields(a.expand("hello.wsgi --auth-user-script $APP/access.wsgi --auth-group-script $APP/access.wsgi --auth-group staff --host-access-script $APP/access.wsgi --proxy-mount-point /api http://127.0.0.1:1"))...)
	for _, path := range []string{"/", "/api", "/api/"} {
		r.wants(r.get(path), 401, "")
	}
	ada := header("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("ada:secret")))
	r.wants(r.get("/", ada), 200, "REMOTE_USER=ada\n")
	r.wants(r.get("/", ada), 200, "HTTP_AUTHORIZATION=Basic")
}

func TestServesHTTPS(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	port := httpdtest.FreePort(t)
	r := a.serve(t, strings.Fields(a.expand("hello.wsgi --http2 --https-only --proxy-mount-point /api http://127.0.0.1:1 --hsts-policy max-age=99 --ssl-environment --ssl-certificate $APP/site --https-port "+strconv.Itoa(port)))...)
	secure := fmt.Sprintf("https://127.0.0.1:%d", port)
	got := r.fetch(secure + "/x")
	r.wants(got, 200, "wsgi.url_scheme=https\n")
	r.wants(got, 200, "SSL_PROTOCOL=TLS")
	r.wants(got, 200, "SERVER_PROTOCOL=HTTP/2.0\n")
	if hsts := got.Header.Get("Strict-Transport-Security"); hsts != "max-age=99" {
		t.Errorf("Strict-Transport-Security is %q", hsts)
	}
	for _, path := range []string{"/x?y", "/api", "/api/x%3f"} {
		plain := r.get(path)
		r.wants(plain, 302, "")
		if location := plain.Header.Get("Location"); location != secure+path {
			t.Errorf("HTTP redirects from %s to %q", path, location)
		}
	}
	r.wants(r.fetch(secure+"/api/x"), 503, "")
}

func TestAnswersOnlyToItsNames(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	r := a.serve(t, "hello.wsgi", "--server-name", "www.example.com", "--server-alias", "*.example.org")
	r.wants(r.get("/", host("www.example.com")), 200, "Hello")
	r.wants(r.get("/", host("a.example.org")), 200, "Hello")
	r.wants(r.get("/", host("other.example")), 403, "")
	bare := r.get("/x", host("example.com"))
	r.wants(bare, 301, "")
	if got, want := bare.Header.Get("Location"), fmt.Sprintf("http://www.example.com:%d/x", r.Port); got != want {
		t.Errorf("example.com redirects to %q, want %q", got, want)
	}
}

// TestIncludedVirtualHostTakesItsNameOnly also shows that the port of a request
// is the one listened on, whatever its Host says.
func TestIncludedVirtualHostTakesItsNameOnly(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "more.conf", `<VirtualHost *:${MOD_WSGI_HTTP_PORT}>
    ServerName other.example
    Redirect temp "/" "http://elsewhere.example/"
</VirtualHost>
`)
	r := a.serve(t, "hello.wsgi", "--include-file", "*.conf")
	r.wants(r.get("/", host("other.example")), 302, "")
	r.wants(r.get("/", host("third.example")), 200, fmt.Sprintf("SERVER_PORT=%d\n", r.Port))
}

func TestServesFilesWithoutApplication(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "doc.odd", "")
	r := a.serve(t, "--application-type", "static", a.Dir, "--add-handler", ".odd", filepath.Join(a.Dir, "other.wsgi"))
	r.wants(r.get("/hello.wsgi"), 200, "import os")
	r.wants(r.get("/doc.odd"), 200, "other")
	r.wants(r.get("/nothing"), 404, "")
}

// TestAsksForClientCertificates with TLS 1.3, in which a server that asks only
// when a path needs it is not answered.
func TestAsksForClientCertificates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, args, open string }{
		{"for all", "", ""},
		{"for a path", "--ssl-verify-client /admin", "/open"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			port := httpdtest.FreePort(t)
			r := a.serve(t, strings.Fields(a.expand("hello.wsgi --ssl-certificate $APP/site --ssl-ca-certificate-file $APP/site.crt --https-port "+strconv.Itoa(port)+" "+test.args))...)
			secure := fmt.Sprintf("https://127.0.0.1:%d", port)
			certificate, err := tls.LoadX509KeyPair(filepath.Join(a.Dir, "site.crt"), filepath.Join(a.Dir, "site.key"))
			if err != nil {
				t.Fatal(err)
			}
			get := func(path string, certificates ...tls.Certificate) int {
				transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true, Certificates: certificates, MinVersion: tls.VersionTLS13}}
				response, err := (&http.Client{Transport: transport, Timeout: limit}).Get(secure + path)
				if err != nil {
					return 0
				}
				response.Body.Close()
				return response.StatusCode
			}
			if got := get("/admin/x", certificate); got != 200 {
				t.Errorf("with a certificate: %d\n%s", got, r.log())
			}
			if got := get("/admin/x"); got == 200 {
				t.Errorf("without a certificate: %d", got)
			}
			if test.open != "" && get(test.open) != 200 {
				t.Errorf("%s is not open", test.open)
			}
			r.wants(r.get("/admin/x"), 403, "") // not over HTTP either
		})
	}
}

// TestProxiesWebSockets speaks as a browser does until the connection is no
// longer HTTP.
func TestProxiesWebSockets(t *testing.T) {
	t.Parallel()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection, stream, err := http.NewResponseController(w).Hijack()
		if err != nil || r.Header.Get("Upgrade") != "websocket" {
			return
		}
		defer connection.Close()
		fmt.Fprint(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
		_ = stream.Flush()
		line, _ := stream.ReadString('\n')
		fmt.Fprintf(stream, "echo %s", line)
		_ = stream.Flush()
	}))
	defer backend.Close()
	r := newApplication(t, "6.1.1").serve(t, "hello.wsgi", "--proxy-mount-point", "/ws", backend.URL)
	connection, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.Port)))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(limit)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(connection, "GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n")
	reader := bufio.NewReader(connection)
	response, err := http.ReadResponse(reader, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v %v\n%s", response, err, r.log())
	}
	fmt.Fprintf(connection, "hello\n")
	if line, err := reader.ReadString('\n'); err != nil || line != "echo hello\n" {
		t.Errorf("%q, %v", line, err)
	}
}

func TestListensOnAnIPv6Address(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		needtest.Missing(t, "no IPv6 on this machine: %v", err)
	}
	listener.Close()
	a := newApplication(t, "6.1.1")
	r := a.prepareOn(t, "::1", "hello.wsgi")
	r.run()
	r.wants(r.get("/"), 200, "SERVER_ADDR=::1")
	if got, want := r.Setup.Summary[0][1], fmt.Sprintf("http://[::1]:%d/", r.Port); got != want {
		t.Errorf("server URL %s, want %s", got, want)
	}
}
