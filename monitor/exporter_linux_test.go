package monitor

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// statsdServer is StatsD itself, from npm, which keeps it for later tests.
func statsdServer(t *testing.T) (address string, ask func(what string) string) {
	t.Helper()
	node, cache := program(t, "node"), cacheFolder(t)
	server := filepath.Join(cache, "node_modules", "statsd", "stats.js")
	if _, err := os.Stat(server); err != nil {
		install := exec.Command(program(t, "npm"), "install", "--silent", "--no-audit", "--no-fund", "--prefix", cache, "statsd@0.9.0")
		if output, err := install.CombinedOutput(); err != nil {
			needtest.Missing(t, "npm gives no statsd: %v: %s", err, output)
		}
	}
	free, err := net.ListenPacket("udp", "127.0.0.1:0") // FreePort keeps those of UDP, which it marks its own by
	if err != nil {
		t.Fatal(err)
	}
	port, management := free.LocalAddr().(*net.UDPAddr).Port, httpdtest.FreePort(t)
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "settings.js")
	if err := os.WriteFile(settings, fmt.Appendf(nil, "{address: '127.0.0.1', port: %d, mgmt_address: '127.0.0.1', mgmt_port: %d, flushInterval: 3600000, backends: []}", port, management), 0o600); err != nil {
		t.Fatal(err)
	}
	output := runs(t, exec.Command(node, server, settings))
	ask = func(what string) string {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", management))
		if err != nil {
			return ""
		}
		defer c.Close()
		if _, err := fmt.Fprintln(c, what); err != nil {
			return ""
		}
		var said string
		for text := make([]byte, 1<<16); !strings.HasSuffix(said, "END\n\n") && !strings.HasSuffix(said, "up\n"); {
			n, err := c.Read(text)
			if err != nil {
				return ""
			}
			said += string(text[:n])
		}
		return said
	}
	for deadline := time.Now().Add(patience); ask("health") == ""; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("statsd never answers: %s", output)
		}
	}
	return fmt.Sprintf("127.0.0.1:%d", port), ask
}

func cacheFolder(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(cache, "wsgictl-test", "statsd")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

// lines are what a program writes while others read it.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// runs runs a program until the test is over, and gives what it writes.
func runs(t *testing.T, command *exec.Cmd) *lines {
	t.Helper()
	output := &lines{}
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	return output
}

// TestStatsDTakesWhatIsSent has a real StatsD say what it got of a real server.
func TestStatsDTakesWhatIsSent(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	for range 3 {
		w.Get("", "/")
	}
	w.Get("", "/missing")
	w.shop(t, "four requests", func(g Group) bool { return g.Totals.Requests == 4 && g.Waiting != nil })
	address, ask := statsdServer(t)
	e, err := NewStatsD(address, false)
	if err != nil {
		t.Fatal(err)
	}
	view, _ := w.View()
	for range 2 { // the second one has nothing that grew
		if err := e.send(t.Context(), view); err != nil {
			t.Fatal(err)
		}
	}
	wants := map[string][]string{
		"counters": {`'wsgictl\.shop\.requests': 4,`, `'wsgictl\.shop\.responses\.2xx': 3,`, `'wsgictl\.shop\.responses\.4xx': 1,`, `'wsgictl\.shop\.request_seconds_count\.total': 4\b`, `'statsd\.bad_lines_seen': 0,`},
		"gauges":   {`'wsgictl\.shop\.threads': 2\b`, `'wsgictl\.shop\.requests_waiting': 0\b`, `'wsgictl\.shop\.memory_resident_bytes': \d{7,}`, `'wsgictl\.shop\.request_seconds\.p95\.total': 0\.\d+`},
	}
	for what, patterns := range wants {
		for _, pattern := range patterns {
			var text string
			for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
				if text = ask(what); regexp.MustCompile(pattern).MatchString(text) {
					break
				} else if time.Now().After(deadline) {
					t.Fatalf("no %s in\n%s", pattern, text)
				}
			}
		}
	}
}

// TestDogStatsDHasTags reads what is sent, of names that would be something else.
func TestDogStatsDHasTags(t *testing.T) {
	t.Parallel()
	listener, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	e, err := NewStatsD(listener.LocalAddr().String(), true)
	if err != nil {
		t.Fatal(err)
	}
	waiting := 3
	view := View{Groups: []Group{{Name: "a,b|c:1\n#d", Waiting: &waiting, Totals: Totals{Requests: 7, Status: map[string]uint64{"2xx": 7}, Stopped: map[string]uint64{"x|y": 1}}}}}
	if err := e.send(t.Context(), view); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for text := make([]byte, 1<<16); !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "wsgictl.request_seconds_count") }); {
		_ = listener.SetReadDeadline(time.Now().Add(patience))
		n, _, err := listener.ReadFrom(text)
		if err != nil || n > statsdSize {
			t.Fatalf("%d bytes, %v; %q", n, err, lines)
		}
		lines = append(lines, strings.Split(string(text[:n]), "\n")...)
		if strings.Contains(string(text[:n]), "request_oldest") { // the last of all: histograms without requests have no growth
			break
		}
	}
	for _, want := range []string{"wsgictl.requests:7|c|#group:a_b_c_1__d", "wsgictl.responses:7|c|#group:a_b_c_1__d,status:2xx", "wsgictl.processes_stopped:1|c|#group:a_b_c_1__d,reason:x_y", "wsgictl.requests_waiting:3|g|#group:a_b_c_1__d"} {
		if !slices.Contains(lines, want) {
			t.Errorf("no %q in %q", want, lines)
		}
	}
}

// TestOTLPSendsToNobodyElse has a receiver lead elsewhere, and one that does not answer:
// what is told of it has no password.
func TestOTLPSendsToNobodyElse(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was sent elsewhere") }))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for address, want := range map[string]string{
		server.URL: "it answers 307 Temporary Redirect",
		"http://me:secret@" + strings.TrimPrefix(gone.URL, "http://"): "connection refused",
	} {
		e, err := NewOTLP(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.send(t.Context(), View{}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "Post ") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestOTLPIsAsThePublishedForm reads a message by the names that the protocol gives in JSON.
func TestOTLPIsAsThePublishedForm(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	w.Get("", "/")
	w.shop(t, "a request", func(g Group) bool { return g.Totals.Requests == 1 })
	var got []byte
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/metrics" && r.Header.Get("Content-Type") == "application/json" {
			got, _ = io.ReadAll(r.Body)
		}
	}))
	defer server.Close()
	e, err := NewOTLP(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	view, _ := w.View()
	if err := e.send(t.Context(), view); err != nil {
		t.Fatal(err)
	}
	var message otlpMessage
	if err := json.Unmarshal(got, &message); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	names := map[string]otlpMetric{}
	for _, m := range message.Resources[0].Scopes[0].Metrics {
		names[m.Name] = m
	}
	for _, name := range []string{"wsgictl.requests", "wsgictl.threads", "wsgictl.request_seconds"} {
		if _, is := names[name]; !is {
			t.Errorf("no %s in %s", name, got)
		}
	}
	h := names["wsgictl.request_seconds"].Histogram
	if h == nil || len(h.Points) == 0 || len(h.Points[0].Buckets) != len(h.Points[0].Bounds)+1 || names["wsgictl.requests"].Sum == nil || names["wsgictl.threads"].Gauge == nil {
		t.Errorf("%s", got)
	}
}
