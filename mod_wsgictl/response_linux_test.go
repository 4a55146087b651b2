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
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

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

def burst(block, count):
    for _ in range(count):
        yield block
    while not os.path.exists(os.path.join(FOLDER, "got it")):
        time.sleep(0.001)

class Response:
    "what is noted when it is done"
    def __init__(self, parts):
        self.parts = parts
    def __iter__(self):
        return iter(self.parts)
    def close(self):
        with open(os.path.join(FOLDER, "served"), "a") as served:
            served.write(".")

def application(environ, start_response):
    return Response(respond(environ, start_response))

def respond(environ, start_response):
    path, size = environ["PATH_INFO"], int(environ["QUERY_STRING"] or 0)
    line = b"0123456789abcde\n"
    headers = [("Content-Type", "text/plain")]
    if path == "/events":
        start_response("200 OK", headers)
        return events()
    if path == "/burst":
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return burst(line * 4000, size // 64000)
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

func newSending(t *testing.T, mpm, release, more string, secure, plain bool, both ...string) *httpdtest.Server {
	t.Helper()
	s := newEchoing(t)
	s.MPM = mpm
	return sendingOn(t, s, release, more, secure, plain, both...)
}

func sendingOn(t *testing.T, s *httpdtest.Server, release, more string, secure, plain bool, both ...string) *httpdtest.Server {
	t.Helper()
	s.Write("app.wsgi", sendingApp)
	configuration := s.LoadModule(release) + fmt.Sprintf("WSGIDaemonProcess app processes=1 threads=1\nWSGIScriptAlias / %q process-group=app application-group=%%{GLOBAL}\n<Directory %q>\nRequire all granted\n</Directory>\n", filepath.Join(s.Root, "app.wsgi"), s.Root)
	if secure {
		configuration += secured(t, s)
	}
	configuration += strings.Join(both, "")
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

// served is how many responses the application is done with.
func served(s *httpdtest.Server) int {
	text, _ := os.ReadFile(filepath.Join(s.Root, "run/served"))
	return len(text)
}

// isFull tells whether a connection has received about what its socket takes: whoever
// sends more has to wait.
func isFull(connection net.Conn) bool {
	if secure, ok := connection.(*tls.Conn); ok {
		connection = secure.NetConn()
	}
	raw, err := connection.(*net.TCPConn).SyscallConn()
	if err != nil {
		return false
	}
	var waiting, most int
	raw.Control(func(fd uintptr) {
		waiting, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ)
		most, _ = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF)
	})
	return waiting > most/4
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

// TestSlowStreamsHoldNobodyUp: those of HTTP/2, whose clients take 4 MB before
// somebody reads.
func TestSlowStreamsHoldNobodyUp(t *testing.T) {
	t.Parallel()
	for _, mpm := range []string{"event", "worker"} {
		for _, path := range []string{"/", "/blocks"} {
			t.Run(mpm+" "+path, func(t *testing.T) {
				t.Parallel()
				s := newSending(t, mpm, "6.1.1", "Protocols h2c http/1.1\nWSGICtlFolder kept\n", false, false)
				client := overHTTP2(t)
				var slow []*http.Response
				for range 4 {
					slow = append(slow, get2(t, client, s.URL+path+"?"+strconv.Itoa(large)))
				}
				wantsLines(t, say(t, s, false, get("/?160")), 160)
				for _, response := range slow {
					if body, err := io.ReadAll(response.Body); err != nil || string(body) != strings.Repeat("0123456789abcde\n", large/16) {
						t.Fatalf("%d bytes of %d, or others: %v", len(body), large, err)
					}
				}
			})
		}
	}
}

func get2(t *testing.T, client *http.Client, url string) *http.Response {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	if response.ProtoMajor != 2 {
		t.Fatal(response.Proto)
	}
	return response
}

// TestClientReadsInHTTP2WhatItReadsWithoutTheModule, wherever it is kept.
func TestClientReadsInHTTP2WhatItReadsWithoutTheModule(t *testing.T) {
	t.Parallel()
	const h2 = "Protocols h2c http/1.1\n"
	plain := newSending(t, "event", "6.1.1", "", false, true, h2)
	for name, more := range map[string]string{
		"with a file":       "WSGICtlFolder kept\n",
		"with a small file": "WSGICtlFolder kept\nWSGICtlSpool 200000\n",
		"with few files":    "WSGICtlFolder kept 200000\n",
		"without a folder":  "",
		"switched off":      "WSGICtlSpool 0\n",
	} {
		with := newSending(t, "event", "6.1.1", more, false, false, h2)
		for _, path := range []string{"/", "/?160", "/?32768", "/?32784", "/?3000000", "/pieces?300000", "/blocks?6400000", "/unchanged"} {
			if want, got := seen2(t, plain, path), seen2(t, with, path); got != want {
				t.Errorf("%s, %s: without the module\n%swith it\n%s", name, path, want, got)
			}
		}
	}
}

func seen2(t *testing.T, s *httpdtest.Server, path string) string {
	t.Helper()
	response := get2(t, overHTTP2(t), s.URL+path)
	body, err := io.ReadAll(response.Body)
	response.Header.Del("Date")
	return fmt.Sprintln(response.Status, response.Header, response.ContentLength, len(body), sha256.Sum256(body), err)
}

// TestEventsGoOutAtOnceInHTTP2, and so does what comes after more than memory takes.
func TestEventsGoOutAtOnceInHTTP2(t *testing.T) {
	t.Parallel()
	s := newSending(t, "event", "6.1.1", "Protocols h2c http/1.1\nWSGICtlFolder kept\n", false, false)
	wantsEvents(t, s, get2(t, overHTTP2(t), s.URL+"/events").Body)
	burst := get2(t, overHTTP2(t), s.URL+"/burst?"+strconv.Itoa(large))
	wantsBurst(t, s, burst.Body)
}

// TestBurstIsWholeBeforeTheNextEvent, though the client was behind when the
// application stopped sending.
func TestBurstIsWholeBeforeTheNextEvent(t *testing.T) {
	for transport, secure := range transports {
		t.Run(transport, func(t *testing.T) {
			everyMPM(t, func(t *testing.T, mpm string) {
				s := newSending(t, mpm, "6.1.1", "WSGICtlFolder kept\nTimeout 3600\n", secure, false)
				response, err := http.ReadResponse(bufio.NewReader(say(t, s, secure, get("/burst?"+strconv.Itoa(large)))), nil)
				if err != nil {
					t.Fatal(err)
				}
				wantsBurst(t, s, response.Body)
			})
		})
	}
}

// wantsBurst reads all of it before the application ends the response.
func wantsBurst(t *testing.T, s *httpdtest.Server, body io.Reader) {
	t.Helper()
	if n, err := io.ReadFull(body, make([]byte, large/64000*64000)); err != nil {
		t.Fatalf("%d of %d bytes: %v\n%s", n, large, err, lastLines(s))
	}
	s.Write("run/got it", "")
	if rest, err := io.ReadAll(body); len(rest) > 0 || err != nil {
		t.Fatalf("%q, %v", rest, err)
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
				wantsEvents(t, s, response.Body)
			})
		}
	}
}

func wantsEvents(t *testing.T, s *httpdtest.Server, events io.Reader) {
	t.Helper()
	body := bufio.NewReader(events)
	for number := range 5 {
		if line, err := body.ReadString('\n'); err != nil || line != fmt.Sprintf("event %d\n", number) {
			t.Fatalf("event %d: %q, %v\n%s", number, line, err, lastLines(s))
		}
		s.Write(fmt.Sprintf("run/got %d", number), "")
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

// TestKernelSendsWhatIsInTheFile, so that none of it takes memory, unless Apache is told not
// to have files sent so.
func TestKernelSendsWhatIsInTheFile(t *testing.T) {
	t.Parallel()
	for more, whole := range map[string]bool{"": false, "EnableSendfile On\n": false, "EnableSendfile Off\n": true} {
		s := newEchoing(t)
		s.Env = interposed(t, "sendfile", "errno = EIO; return -1;")
		s = sendingOn(t, s, "6.1.1", "WSGICtlFolder kept\n"+more, false, false)
		connection := say(t, s, false, get("/?"+strconv.Itoa(large)))
		wantsLines(t, say(t, s, false, get("/?160")), 160) // the application is done with the first one
		if n, err := io.CopyN(io.Discard, connection, large); (n == large) != whole {
			t.Errorf("%q: %d bytes of %d came where the kernel sends none: %v", more, n, large, err)
		}
	}
}

// readLate lets the server find that its client does not take all, where it does not,
// and then gives all answers: without Date, and without the sizes of chunks, which
// differ from time to time.
func readLate(t *testing.T, s *httpdtest.Server, secure bool, text string) string {
	t.Helper()
	before := served(s)
	connection := say(t, s, secure, text)
	defer connection.Close()
	await(t, s, "the application is done, or the client's socket is full, or there was nothing to do", func() bool {
		return served(s) > before || isFull(connection) || strings.HasPrefix(text, "nonsense")
	})
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
