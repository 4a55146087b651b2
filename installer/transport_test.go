package installer

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A recordingProxy takes every host for one server, and keeps the login that
// stood in each request to itself.
type recordingProxy struct {
	target string // host and port
	mutex  sync.Mutex
	seen   []string // "CONNECT example.com:443 LOGIN"
}

func (p *recordingProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mutex.Lock()
	p.seen = append(p.seen, strings.TrimSpace(r.Method+" "+r.Host+" "+r.Header.Get("Authorization")))
	p.mutex.Unlock()
	if r.Method != http.MethodConnect {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<a href="mod_wsgi-5.0.2.tar.gz">x</a>`)
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer server.Close()
	client, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(server, client) }()
	_, _ = io.Copy(client, server)
}

func (p *recordingProxy) requests() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.seen
}

// A proxy is told the host of an https address, and nothing of what is said to
// it. Of an http address, which has to be trusted explicitly, it reads all, like
// anybody else on the way.
func TestWhatAProxySeesOfLogins(t *testing.T) {
	t.Parallel()
	fake := &fakeIndex{files: releases[:1], login: "bob:s3cret"}
	server := httptest.NewTLSServer(fake)
	t.Cleanup(server.Close)
	plain := fake.serve(t)
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(bundle, certificatePEM(server.Certificate().Raw), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		index string
		want  []string
	}{
		"https":        {"https://bob:s3cret@example.com/simple", []string{"CONNECT example.com:443"}}, // the name in the server's certificate
		"trusted http": {"http://bob:s3cret@inside.example/simple", []string{"GET inside.example Basic Ym9iOnMzY3JldA=="}},
		"this machine": {withLogin(t, plain, "bob", "s3cret"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := &recordingProxy{target: server.Listener.Addr().String()}
			listening := httptest.NewServer(proxy)
			t.Cleanup(listening.Close)
			settings := IndexSettings{Indexes: []string{test.index}, Proxy: listening.URL, CABundle: bundle, Trusted: []string{"inside.example"}}
			if _, err := openTestIndex(t, madeUp(t, nil, nil), settings).Archives(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, proxy.requests()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A proxy's own words are not repeated.
func TestProxyThatRefusesToConnect(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Read(make([]byte, 1024))
			_, _ = io.WriteString(connection, "HTTP/1.1 403 \x1b]0;obeyed\a\r\n\r\n")
			_ = connection.Close()
		}
	}()
	settings := IndexSettings{Indexes: []string{"https://inside.example/simple"}, Proxy: listener.Addr().String()}
	_, err = openTestIndex(t, madeUp(t, nil, nil), settings).Archives(t.Context())
	if err == nil || strings.Contains(err.Error(), "obeyed") || !strings.Contains(err.Error(), "the proxy, asked to connect, answered 403 Forbidden") {
		t.Error(err)
	}
}

func TestCertificatesComeFromRegularFiles(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "fifo")
	makeFIFO(t, fifo)
	for _, settings := range []IndexSettings{{CABundle: fifo}, {ClientCert: fifo}} {
		if _, err := newTransport(settings); err == nil || !strings.Contains(err.Error(), "only regular files") {
			t.Error(err)
		}
	}
}

// What the library says of a broken answer holds pieces of it.
func TestErrorsSteerNoTerminal(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		"HTTP/1.1 404 \x1b]0;obeyed\a\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX\x1b]0;obeyed\a: y\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: \x1b]0;obeyed\a\r\n\r\n",
		"HTTP/1.1 302 \r\nLocation: http://127.0.0.1:1/\x1b]0;obeyed\a\r\n\r\n",
		"HTTP/1.1 302 \r\nLocation: http://127.0.0.1:1/%1b%5d0;obeyed%07\r\n\r\n",
		"\x1b]0;obeyed\a",
		"HTTP/1.1 \x1b]0;obeyed\a\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n\x1b]0;obeyed\a",
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"meta\":{\"api-version\":\"9\x1b]0;obeyed\a\"}}",
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"meta\":{\"api-version\":\"9\\u001b]0;obeyed\\u0007\"}}",
	} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(connection, answer)
				_ = connection.Close()
			}
		}))
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.Start()
		var warned strings.Builder
		index, err := OpenIndex(madeUp(t, nil, nil), IndexSettings{Indexes: []string{server.URL}, Patience: Patience{Retries: new(0)}}, func(text string) { warned.WriteString(text) })
		if err != nil {
			t.Fatal(err)
		}
		_, err = index.Archives(t.Context())
		if err == nil || strings.ContainsAny(err.Error()+warned.String(), "\x1b\a") {
			t.Errorf("%q: error %q, warned %q", answer, err, warned.String())
		}
		server.Close()
	}
}

func TestRedactedIsOneLine(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"file:///a/b%0aWarning", "https://a.example/a%0aWarning"} {
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if shown := redacted(parsed); strings.Contains(shown, "\n") || !strings.Contains(shown, "Warning") {
			t.Errorf("%q", shown)
		}
	}
}
