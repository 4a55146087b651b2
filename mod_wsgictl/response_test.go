package modwsgictl_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// sendingApp sends what its path asks for.
const sendingApp = `import os, time

FOLDER = os.path.join(os.path.dirname(__file__), "run")

def events():
    for number in range(5):
        yield b"event %d\n" % number
        while not os.path.exists(os.path.join(FOLDER, "got %d" % number)):
            time.sleep(0.001)

def application(environ, start_response):
    path, size = environ["PATH_INFO"], int(environ["QUERY_STRING"] or 0)
    line = b"0123456789abcde\n"
    headers = [("Content-Type", "text/plain")]
    if path == "/events":
        start_response("200 OK", headers)
        return events()
    if path == "/pieces":
        start_response("200 OK", headers)
        return (line for _ in range(size // 16))
    if path == "/blocks":
        start_response("200 OK", headers)
        return (line * 4000 for _ in range(size // 64000))
    if path == "/unchanged":
        start_response("304 Not Modified", [])
        return []
    start_response("200 OK", headers + [("Content-Length", str(size // 16 * 16))])
    return [line * (size // 16)]
`

// large is more than the buffers of two sockets take.
const large = 24_000_000

func newSending(t *testing.T, mpm, release, more string, secure, plain bool) *httpdtest.Server {
	t.Helper()
	s := newEchoing(t)
	s.MPM = mpm
	s.Write("app.wsgi", sendingApp)
	configuration := s.LoadModule(release) + fmt.Sprintf("WSGIDaemonProcess app processes=1 threads=1\nWSGIScriptAlias / %q process-group=app application-group=%%{GLOBAL}\n<Directory %q>\nRequire all granted\n</Directory>\n", filepath.Join(s.Root, "app.wsgi"), s.Root)
	if secure {
		configuration += secured(t, s)
	}
	if !plain {
		configuration += load(t, s) + more
	}
	s.Start(configuration)
	return s
}

// secured has the server speak TLS.
func secured(t *testing.T, s *httpdtest.Server) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("SSLEngine on\nSSLCertificateFile %q\nSSLCertificateKeyFile %q\n",
		s.Write("certificate", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))),
		s.Write("key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))))
}

// say connects, by TLS where the server wants it, and sends a text.
func say(t *testing.T, s *httpdtest.Server, secure bool, text string) net.Conn {
	t.Helper()
	connection := dial(t, s)
	if secure {
		connection = tls.Client(connection, &tls.Config{InsecureSkipVerify: true}) // it is our own
	}
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(connection, text); err != nil {
		t.Fatal(err)
	}
	return connection
}

func get(path string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"
}

var transports = map[string]bool{"plain": false, "TLS": true}

// TestSlowDownloadsHoldNobodyUp: the application has one thread, and clients do
// not read until somebody else was served.
func TestSlowDownloadsHoldNobodyUp(t *testing.T) {
	for transport, secure := range transports {
		for _, path := range []string{"/", "/blocks"} {
			t.Run(transport+" "+path, func(t *testing.T) {
				everyMPM(t, func(t *testing.T, mpm string) {
					s := newSending(t, mpm, "6.1.1", "WSGICtlFolder kept\n", secure, false)
					var slow []net.Conn
					for range 4 {
						slow = append(slow, say(t, s, secure, get(path+"?"+strconv.Itoa(large))))
					}
					wantsLines(t, say(t, s, secure, get("/?160")), 160)
					wantsNoNames(t, s)
					for _, connection := range slow {
						wantsLines(t, connection, large)
					}
				})
			})
		}
	}
}

// wantsLines reads a response, which has to be whole.
func wantsLines(t *testing.T, connection net.Conn, size int) {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if want := strings.Repeat("0123456789abcde\n", size/16); err != nil || string(body) != want {
		t.Fatalf("%d bytes of %d, or others: %v", len(body), len(want), err)
	}
}

// TestEventsGoOutAtOnce: each waits until the client has the one before.
func TestEventsGoOutAtOnce(t *testing.T) {
	t.Parallel()
	for transport, secure := range transports {
		for _, release := range releases {
			t.Run(transport+" "+release, func(t *testing.T) {
				t.Parallel()
				s := newSending(t, "event", release, "WSGICtlFolder kept\n", secure, false)
				response, err := http.ReadResponse(bufio.NewReader(say(t, s, secure, get("/events"))), nil)
				if err != nil {
					t.Fatal(err)
				}
				body := bufio.NewReader(response.Body)
				for number := range 5 {
					if line, err := body.ReadString('\n'); err != nil || line != fmt.Sprintf("event %d\n", number) {
						t.Fatalf("event %d: %q, %v\n%s", number, line, err, lastLines(s))
					}
					s.Write(fmt.Sprintf("run/got %d", number), "")
				}
			})
		}
	}
}

// TestClientReadsWhatItReadsWithoutTheModule, be it fast or slow, and wherever
// what it does not take is kept.
func TestClientReadsWhatItReadsWithoutTheModule(t *testing.T) {
	t.Parallel()
	end := "GET /?16 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	asked := map[string]string{
		"nothing":       get("/") + end,
		"little":        get("/?160") + end,
		"large":         get("/?3000000") + end,
		"pieces":        get("/pieces?300000") + end,
		"blocks":        get("/blocks?6400000") + get("/?3000000") + end,
		"unchanged":     get("/unchanged") + end,
		"head":          strings.Replace(get("/?3000000"), "GET", "HEAD", 1) + end,
		"old":           "GET /blocks?6400000 HTTP/1.0\r\n\r\n",
		"range":         strings.Replace(get("/?3000000"), "\r\n\r\n", "\r\nRange: bytes=100000-2000000\r\n\r\n", 1) + end,
		"one by one":    strings.Repeat(get("/?200000"), 10) + end,
		"not a request": "nonsense\r\n\r\n",
	}
	for transport, secure := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			plain := newSending(t, "event", "6.1.1", "", secure, true)
			for name, more := range map[string]string{
				"with a file":       "WSGICtlFolder kept\n",
				"with a small file": "WSGICtlFolder kept\nWSGICtlSpool 100000\n",
				"with few files":    "WSGICtlFolder kept 100000\n",
				"without a folder":  "",
				"switched off":      "WSGICtlSpool 0\n",
			} {
				with := newSending(t, "event", "6.1.1", more, secure, false)
				for about, text := range asked {
					want, got := readLate(t, plain, secure, text), readLate(t, with, secure, text)
					if want != got {
						t.Errorf("%s, %s: without the module\n%swith it\n%s", name, about, want, got)
					}
				}
			}
		})
	}
}

// readLate lets the server find that its client does not read, and then gives
// all answers: without Date, and without the sizes of chunks, which differ from
// time to time.
func readLate(t *testing.T, s *httpdtest.Server, secure bool, text string) string {
	t.Helper()
	connection := say(t, s, secure, text)
	defer connection.Close()
	time.Sleep(50 * time.Millisecond)
	answers := bufio.NewReader(connection)
	method, _, _ := strings.Cut(text, " ")
	var all strings.Builder
	for {
		response, err := http.ReadResponse(answers, &http.Request{Method: method})
		if err != nil {
			return all.String()
		}
		method = http.MethodGet
		response.Header.Del("Date")
		body, err := io.ReadAll(response.Body)
		fmt.Fprintln(&all, response.Proto, response.Status, response.Header, response.ContentLength, response.TransferEncoding, len(body), sha256.Sum256(body), err)
	}
}
