package modwsgictl_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// echoApp answers with what it was given, and says in a file that it ran.
const echoApp = `import hashlib, os

def application(environ, start_response):
    with open(os.path.join(os.path.dirname(__file__), "run", "ran"), "a") as ran:
        ran.write("ran\n")
    try:
        body = environ["wsgi.input"].read()
    except Exception as error:
        body = str(error).encode()
    said = "%s %s length=%s read=%d %s\n" % (environ["REQUEST_METHOD"], environ["PATH_INFO"],
        environ.get("CONTENT_LENGTH"), len(body), hashlib.sha256(body).hexdigest())
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
    return [said.encode()]
`

// echoing are the ways in which the application is reached.
const echoing = `WSGIScriptAlias /chunks ${ROOT}/app.wsgi process-group=app application-group=%{GLOBAL}
<Location /chunks>
WSGIChunkedRequest On
</Location>
<Location /small>
LimitRequestBody 100
</Location>
<Location /secret>
AuthType Basic
AuthName secret
AuthUserFile ${ROOT}/nobody
Require valid-user
</Location>
<Location /inflated>
SetInputFilter DEFLATE
</Location>
RewriteEngine On
RewriteRule ^/rewritten$ /elsewhere [PT]
ErrorDocument 404 /notfound
AliasMatch ^/files/(.*) ${ROOT}/files/$1
AddHandler wsgi-script .py
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
WSGIProcessGroup app
WSGIApplicationGroup %{GLOBAL}
<Directory ${ROOT}/files>
Options ExecCGI Includes
DirectoryIndex index.py
</Directory>
`

func post(path string, size int, more ...string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n%s",
		path, size, strings.Join(more, ""), strings.Repeat("0123456789abcde\n", size/16+1)[:size])
}

func chunked(path string, pieces ...string) string {
	request := "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, piece := range pieces {
		request += fmt.Sprintf("%x\r\n%s\r\n", len(piece), piece)
	}
	return request + "0\r\n\r\n"
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

var (
	packed   = gzipped(strings.Repeat("The quick brown fox jumps over the lazy dog. ", 20) + strings.Join(strings.SplitAfter(fmt.Sprint(rand.New(rand.NewPCG(1, 1)).Perm(20_000)), " "), "number "))
	inflated = fmt.Sprintf("POST /inflated HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(packed), packed)
)

const last = "GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

// conversations are what clients send. Each answer has to be the same with the
// module as without it, and all that the application read with it.
var conversations = map[string]string{
	"no body":                    last,
	"an empty one":               post("/", 0) + last,
	"no length":                  "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" + last,
	"one byte":                   post("/", 1) + last,
	"what memory takes":          post("/", 16384) + last,
	"a byte more":                post("/", 16385) + last,
	"all that memory takes":      post("/", 65536) + last,
	"more than memory takes":     post("/", 65537) + last,
	"much more":                  post("/", 3_000_001) + last,
	"several one after another":  post("/a", 70_000) + post("/b", 5) + post("/c", 200_000) + last,
	"HTTP/1.0":                   strings.Replace(post("/", 1000), "HTTP/1.1", "HTTP/1.0", 1),
	"HTTP/1.0 kept alive":        strings.Replace(post("/", 1000, "Connection: keep-alive\r\n"), "HTTP/1.1", "HTTP/1.0", 1) + last,
	"chunks, refused":            chunked("/", "some", "more") + last,
	"chunks":                     chunked("/chunks", "some", strings.Repeat("more", 50_000), "last") + last,
	"chunks, none":               chunked("/chunks") + last,
	"another transfer encoding":  "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
	"two lengths":                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + last,
	"a length that is none":      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
	"a negative length":          "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
	"beyond LimitRequestBody":    post("/small", 101) + last,
	"just within it":             post("/small", 100) + last,
	"chunks beyond it":           chunked("/small", strings.Repeat("x", 101)),
	"without a password":         post("/secret", 100_000) + last,
	"expected, no password":      "POST /secret HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
	"expected":                   post("/", 5, "Expect: 100-continue\r\n") + last,
	"expected, and large":        post("/", 100_000, "Expect: 100-continue\r\n") + last,
	"another expectation":        post("/", 5, "Expect: a miracle\r\n") + last,
	"rewritten":                  post("/rewritten", 70_000) + last,
	"an error document":          post("/files/missing", 70_000) + last,
	"a script that is missing":   post("/files/missing.py", 70_000) + last,
	"a directory's index":        post("/files/", 70_000) + last,
	"a handler by its extension": post("/files/index.py", 70_000) + last,
	"included by a page":         strings.Replace(post("/files/page.shtml", 70_000), "POST", "GET", 1) + last,
	"inflated":                   inflated + last,
	"to be upgraded":             post("/", 5, "Connection: upgrade\r\nUpgrade: something\r\n") + last,
	"switched off":               post("/off", 70_000) + last,
	"larger than is waited for":  post("/limited", 70_000) + last,
}

// TestApplicationReadsWhatItReadsWithoutTheModule is asked of two servers.
func TestApplicationReadsWhatItReadsWithoutTheModule(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			plain := newEchoing(t)
			plain.Start(plain.LoadModule(release) + echoingOf(t, plain))
			for name, more := range map[string]string{
				"as it comes":      "WSGICtlFolder kept\n<Location /off>\nWSGICtlBodyFirst Off\n</Location>\n<Location /limited>\nWSGICtlBodyFirst 1000\n</Location>\n",
				"without a folder": "",
				"with a wrong one": "WSGICtlFolder /dev/null/nowhere\n",
			} {
				with := newEchoing(t)
				with.Start(load(t, with) + with.LoadModule(release) + echoingOf(t, with) + more)
				for about, text := range conversations {
					want, got := converse(t, plain, text), converse(t, with, text)
					if got != want {
						t.Errorf("%s, %s: without the module\n%s\nwith it\n%s", name, about, want, got)
					}
				}
			}
		})
	}
}

func newEchoing(t *testing.T) *httpdtest.Server {
	t.Helper()
	s := httpdtest.New(t)
	s.Write("app.wsgi", echoApp)
	s.Write("files/index.py", strings.Replace(echoApp, "dirname(__file__)", "dirname(os.path.dirname(__file__))", 1))
	s.Write("files/page.shtml", "before <!--#include virtual=\"/included\" --> after\n")
	s.Write("nobody", "")
	if err := os.MkdirAll(filepath.Join(s.Root, "run"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(s.Root, "run"), 0o777); err != nil {
		t.Fatal(err)
	}
	return s
}

// echoingOf has one thread, so that who holds it keeps everybody else waiting.
func echoingOf(t *testing.T, s *httpdtest.Server) string {
	t.Helper()
	return fmt.Sprintf("Define ROOT %q\nWSGIDaemonProcess app processes=1 threads=1\n", s.Root) +
		httpdtest.LoadModules(t, "auth_basic", "authn_file", "authz_user", "include") + echoing +
		"WSGIScriptAliasMatch ^/(?!files/) ${ROOT}/app.wsgi process-group=app application-group=%{GLOBAL}\n" +
		"<Directory ${ROOT}>\nRequire all granted\n</Directory>\n"
}

// converse sends what a client says, and gives what it is answered until the
// connection is closed, without what differs each time.
func converse(t *testing.T, s *httpdtest.Server, text string) string {
	t.Helper()
	connection := dial(t, s)
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	go io.WriteString(connection, text) // which fails where the server closes first
	answer, err := io.ReadAll(connection)
	if err != nil && len(answer) == 0 {
		return "no answer"
	}
	return varies.ReplaceAllString(string(answer), "")
}

var varies = regexp.MustCompile(`(?m)^(Date|Server): .*\n|:\d+(</address>)|Port \d+`)

// slowly begins an upload of a size that no memory takes, and leaves it there.
func slowly(t *testing.T, s *httpdtest.Server) (connection net.Conn, rest string) {
	t.Helper()
	connection = dial(t, s)
	request := post("/slow", 200_000, "Connection: close\r\n")
	if _, err := io.WriteString(connection, request[:150_000]); err != nil {
		t.Fatal(err)
	}
	return connection, request[150_000:]
}

// TestSlowUploadsHoldNobodyUp: the application has one thread.
func TestSlowUploadsHoldNobodyUp(t *testing.T) {
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			everyMPM(t, func(t *testing.T, mpm string) {
				s := newEchoing(t)
				s.MPM = mpm
				s.Start(load(t, s) + s.LoadModule(release) + echoingOf(t, s) + "WSGICtlFolder kept\n")
				var slow []net.Conn
				var rest string
				for range 50 {
					var connection net.Conn
					connection, rest = slowly(t, s)
					slow = append(slow, connection)
				}
				if answer := converse(t, s, post("/fast", 100_000, "Connection: close\r\n")); !strings.Contains(answer, "POST /fast length=100000 read=100000") {
					t.Fatalf("the fast client: %s", answer)
				}
				if text, err := os.ReadFile(filepath.Join(s.Root, "run/ran")); err != nil || string(text) != "ran\n" {
					t.Errorf("the application ran for others: %q, %v", text, err)
				}
				wantsNoNames(t, s)
				for _, connection := range slow {
					if _, err := io.WriteString(connection, rest); err != nil {
						t.Fatal(err)
					}
					if answer, err := io.ReadAll(connection); !strings.Contains(string(answer), "POST /slow length=200000 read=200000") {
						t.Fatalf("a slow client: %s, %v", answer, err)
					}
				}
			})
		})
	}
}

// TestBodyThatDoesNotComeWhole is answered as Apache answers, and no application
// runs for it.
func TestBodyThatDoesNotComeWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		more, request string
		gone          bool // the client stops sending
		wants         string
	}{
		"too slow":         {"RequestReadTimeout body=1\n", post("/", 100)[:150], false, "HTTP/1.1 408 "},
		"shorter":          {"", post("/", 100)[:150], true, "HTTP/1.1 400 "},
		"shorter, large":   {"WSGICtlFolder kept\n", post("/", 200_000)[:150_000], true, "HTTP/1.1 400 "},
		"chunks cut off":   {"WSGICtlBodyFirst On chunked\n", strings.TrimSuffix(chunked("/chunks", "some", "more"), "0\r\n\r\n"), true, "HTTP/1.1 400 "},
		"a chunk broken":   {"WSGICtlBodyFirst On chunked\n", "POST /chunks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", false, "HTTP/1.1 400 "},
		"chunks too large": {"WSGICtlBodyFirst On chunked\nLimitRequestBody 100\n", chunked("/chunks", strings.Repeat("x", 90), strings.Repeat("x", 90)), false, "HTTP/1.1 413 "},
		"no folder left":   {"WSGICtlFolder gone\n", post("/", 2_000_000), false, "HTTP/1.1 503 "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newEchoing(t)
			gone := filepath.Join(s.Root, "gone")
			keepIn(t, s, gone)
			s.Start(load(t, s) + s.LoadModule("6.1.1") + echoingOf(t, s) + c.more)
			if err := os.Remove(gone); err != nil {
				t.Fatal(err)
			}
			connection := dial(t, s).(*net.TCPConn)
			if _, err := io.WriteString(connection, c.request); err != nil {
				t.Fatal(err)
			}
			if c.gone {
				if err := connection.CloseWrite(); err != nil {
					t.Fatal(err)
				}
			}
			if answer, err := io.ReadAll(connection); !strings.HasPrefix(string(answer), c.wants) {
				t.Errorf("answer %q, %v; want %s", answer, err, c.wants)
			}
			if _, err := os.Stat(filepath.Join(s.Root, "run/ran")); err == nil {
				t.Error("the application ran")
			}
		})
	}
}

// TestApplicationReadsWhatHTTP2Sends, on one connection, with and without a
// length.
func TestApplicationReadsWhatHTTP2Sends(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			plain, with := newEchoing(t), newEchoing(t)
			plain.Start(plain.LoadModule(release) + echoingOf(t, plain) + "Protocols h2c http/1.1\n")
			with.Start(load(t, with) + with.LoadModule(release) + echoingOf(t, with) + "Protocols h2c http/1.1\nWSGICtlFolder kept\n")
			for _, path := range []string{"/", "/chunks", "/small"} {
				for _, size := range []int{0, 1, 16385, 65536, 65537, 1_000_000} {
					for _, length := range []bool{true, false} {
						if size == 0 && !length {
							continue // the end may come with the header or after it
						}
						want, got := post2(t, plain, path, size, length), post2(t, with, path, size, length)
						if got != want {
							t.Errorf("%s, %d bytes, length given %t: without the module\n%s\nwith it\n%s", path, size, length, want, got)
						}
					}
				}
			}
		})
	}
}

// TestChunksGetALength where they are read first, in HTTP/1.1 and in HTTP/2,
// unless they go beyond what is waited for.
func TestChunksGetALength(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := newEchoing(t)
			s.Start(load(t, s) + s.LoadModule(release) + echoingOf(t, s) + "Protocols h2c http/1.1\nWSGICtlFolder kept\n" +
				"WSGICtlBodyFirst On chunked\n<Location /chunks>\nWSGICtlBodyFirst 20000 chunked\n</Location>\n")
			for size, pieces := range map[int][]string{0: nil, 1: {"x"}, 65536: {strings.Repeat("x", 65535), "x"}, 300_000: {strings.Repeat("x", 150_000), strings.Repeat("x", 150_000)}} {
				want := fmt.Sprintf("length=%d read=%d ", size, size)
				if answer := converse(t, s, chunked("/", pieces...)+last); !strings.Contains(answer, want) || !strings.Contains(answer, "/last") {
					t.Errorf("HTTP/1.1: %s\nwant %s", answer, want)
				}
				if answer := post2(t, s, "/", size, false); !strings.Contains(answer, want) {
					t.Errorf("HTTP/2: %s\nwant %s", answer, want)
				}
			}
			beyond := chunked("/chunks", strings.Repeat("x", 150_000), strings.Repeat("x", 150_000))
			if answer := converse(t, s, beyond+last); !strings.Contains(answer, "length=None read=300000 ") || !strings.Contains(answer, "/last") {
				t.Errorf("beyond the limit: %s", answer)
			}
		})
	}
}

func post2(t *testing.T, s *httpdtest.Server, path string, size int, length bool) string {
	t.Helper()
	client := overHTTP2(t)
	var body io.Reader = strings.NewReader(strings.Repeat("x", size))
	if !length {
		body = io.MultiReader(body)
	}
	response, err := client.Post(s.URL+path, "text/plain", body)
	if err != nil {
		return "no answer"
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "no whole answer"
	}
	return fmt.Sprint(response.Proto, response.Status, varies.ReplaceAllString(string(text), ""))
}
