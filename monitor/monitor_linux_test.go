package monitor

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/errorlog"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/monitor/history"
	"github.com/wsgictl/wsgictl/monitor/sender"
	"github.com/wsgictl/wsgictl/trust"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

const app = `import ctypes, fcntl
kept = []
def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/hang"):
        fcntl.flock(open(environ["wsgictl.gate"]), fcntl.LOCK_SH)
    if environ["PATH_INFO"] == "/grows":
        kept.append(bytearray(b"x") * (100 << 20))
    if environ["PATH_INFO"] == "/keeps-the-gil":
        ctypes.PyDLL(None).sleep(60)
    start_response("200 OK" if environ["PATH_INFO"] != "/missing" else "404 Not Found", [("Content-Type", "text/plain")])
    return [b"hello"]
`

// watched is a server with a group of one process of two threads, and a monitor of it.
type watched struct {
	*httpdtest.Server
	*Monitor
	page   *httptest.Server
	gate   *os.File // requests to /hang wait for its lock
	closed func()   // stops the monitor
}

// releases are told by mod_wsgi itself from 6 on, and by the sender before that.
var releases = []string{"6.1.1", "5.0.2", "4.9.4"}

// parentOf reads the pid file, as for the server of a host.
func parentOf(s *httpdtest.Server) func() int {
	instance := installed.Instance{PIDFile: filepath.Join(s.Root, "httpd.pid"), Trusted: trust.Everyone()}
	return func() int {
		process, _ := instance.Process()
		return process.PID
	}
}

func watch(t *testing.T, release string, more ...func(*Options)) watched {
	t.Helper()
	s := httpdtest.New(t)
	socket := filepath.Join(s.Root, "telemetry.sock")
	store, err := history.Open(filepath.Join(s.Root, "history"), func(text string) { t.Error(text) })
	if err != nil {
		t.Fatal(err)
	}
	options := Options{Socket: socket, History: store, Tell: func(text string) { t.Error(text) }, Server: parentOf(s), Groups: []string{"other", "shop"}}
	for _, change := range more {
		change(&options)
	}
	m, err := Start(options)
	if err != nil {
		t.Fatal(err)
	}
	closed := sync.OnceFunc(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(closed)
	gate, err := os.Open(s.Write("gate", ""))
	if err == nil {
		err = syscall.Flock(int(gate.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { gate.Close() })
	script := s.Write("app.wsgi", strings.ReplaceAll(app, `environ["wsgictl.gate"]`, fmt.Sprintf("%q", gate.Name())))
	file := s.Write("telemetry.py", sender.Script(sender.Options{Socket: socket, Interval: 0.5, Slow: 0.3, Log: 0.3}))
	telling := fmt.Sprintf("WSGIImportScript %q process-group=shop application-group=%%{GLOBAL}\n", file)
	if release > "6" {
		telling += fmt.Sprintf("WSGITelemetryService unix:%s interval=0.5\nWSGISlowRequests 0.3\n", socket)
	}
	s.Start(s.LoadModule(release) + fmt.Sprintf(`WSGIRestrictEmbedded On
WSGIDaemonProcess other
WSGIDaemonProcess shop threads=2
%s
WSGIScriptAlias / %q process-group=shop application-group=%%{GLOBAL}
<Directory %q>
Require all granted
</Directory>
`, telling, script, s.Root))
	w := watched{s, m, httptest.NewServer(m.Handler("")), gate, closed}
	t.Cleanup(w.page.Close)
	return w
}

// shop is the view of the group once it satisfies the condition.
func (w watched) shop(t *testing.T, what string, is func(Group) bool) Group {
	t.Helper()
	var last View
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		view, changed := w.View()
		for _, g := range view.Groups {
			if g.Name == "shop" && is(g) {
				return g
			}
		}
		last = view
		select {
		case <-changed:
		case <-time.After(patience):
		}
	}
	t.Fatalf("never seen: %s\n%+v\n%s", what, last, w.ErrorLog())
	return Group{}
}

// TestSeesWhatHangs fills a group with requests that hang, and lets them go.
func TestSeesWhatHangs(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			seesWhatHangs(t, release)
		})
	}
}

func seesWhatHangs(t *testing.T, release string) {
	w := watch(t, release)
	for range 3 {
		w.Get("", "/")
	}
	w.Get("", "/missing")
	w.shop(t, "four requests", func(g Group) bool { return g.Totals.Requests == 4 && g.Totals.Status["4xx"] == 1 && g.Waiting != nil })
	answers := make(chan int, 5)
	for range 5 {
		go func() {
			response, err := http.Get(w.URL + "/hang%0a[forged]?secret=1")
			if err != nil {
				answers <- 0
				return
			}
			response.Body.Close()
			answers <- response.StatusCode
		}()
	}
	g := w.shop(t, "two that hang and three that wait", func(g Group) bool {
		return g.Busy == 2 && g.Waiting != nil && *g.Waiting == 3 && len(g.Processes[0].Requests) == 2
	})
	if r := g.Processes[0].Requests[0]; r.Path != "/hang\n[forged]" || r.Method != http.MethodGet || r.Age < 0.3 || r.Client != "127.0.0.1" || g.Threads != 2 || g.Processes[0].ModWSGI != release {
		t.Errorf("%+v", g)
	}
	w.showsWhere(t)
	if err := w.gate.Close(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if status := <-answers; status != http.StatusOK {
			t.Errorf("a request that hung: %d", status)
		}
	}
	g = w.shop(t, "nothing hangs", func(g Group) bool { return g.Busy == 0 && g.Totals.Requests == 9 && len(g.Processes[0].Requests) == 0 })
	if times := g.Latency["total"]; times.P99 < 0.3 || times.P50 <= 0 {
		t.Errorf("%+v", g.Latency)
	}
}

// showsWhere asks where the two requests are, which hang in the same line.
func (w watched) showsWhere(t *testing.T) {
	t.Helper()
	report := w.AtHand("shop")
	for deadline := time.Now().Add(patience); report.Asked == 0 && time.Now().Before(deadline); report = w.AtHand("shop") {
		time.Sleep(20 * time.Millisecond)
	}
	if len(report.Requests) != 2 || report.Waiting["shop"] != 3 || len(report.Silent) != 0 {
		t.Fatalf("%+v\n%s", report, w.ErrorLog())
	}
	for _, r := range report.Requests {
		call := r.Stack[len(r.Stack)-1]
		if r.Path != "/hang\n[forged]" || r.Group != "shop" || call.Function != "application" || !strings.HasPrefix(call.Code, "fcntl.flock(") || filepath.Base(call.File) != "app.wsgi" || call.Line != 5 {
			t.Errorf("%+v", r)
		}
	}
	w.showsCodeToSome(t)
	w.logsWhere(t)
	if other := w.AtHand("other"); len(other.Requests) != 0 {
		t.Errorf("of another group: %+v", other)
	}
}

// showsCodeToSome asks with a token and without: code is for those alone who have one.
func (w watched) showsCodeToSome(t *testing.T) {
	t.Helper()
	for token, want := range map[string]bool{"": false, "a-token-of-the-test": true} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/api/v1/requests?group=shop", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		w.Handler(token).ServeHTTP(answer, r)
		if text := answer.Body.String(); answer.Code != http.StatusOK || strings.Contains(text, "fcntl") != want || !strings.Contains(text, `"function": "application"`) {
			t.Errorf("token %q: %d %s", token, answer.Code, text)
		}
	}
}

// logsWhere finds both requests in the error log, each once and in lines that a client
// cannot forge.
func (w watched) logsWhere(t *testing.T) {
	t.Helper()
	const call = `app.wsgi", line 5, in application`
	var log string
	for deadline := time.Now().Add(patience); strings.Count(log, call) < 2 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		log = w.ErrorLog()
	}
	var tally errorlog.Tally
	tally.AddLines([]byte(log))
	for _, e := range tally.Entries() {
		if e.ID == "slow-request" && e.Count == 2 && strings.Contains(e.Example, `/hang\\n[forged] from 127.0.0.1`) && strings.Count(log, call) == 2 {
			return
		}
	}
	t.Errorf("%+v\n%s", tally.Entries(), log)
}

// TestShowsWhoKeepsTheGIL has C code keep the interpreter from all other threads.
func TestShowsWhoKeepsTheGIL(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			w := watch(t, release)
			w.Get("", "/")
			for deadline := time.Now().Add(patience); w.AtHand().Asked == 0 && time.Now().Before(deadline); {
				time.Sleep(20 * time.Millisecond)
			}
			go func() {
				if response, err := http.Get(w.URL + "/keeps-the-gil"); err == nil {
					response.Body.Close()
				}
			}()
			var report AtHand
			for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
				report = w.AtHand()
				if len(report.Silent) == 1 && strings.Contains(report.Silent[0].Late, "app.wsgi\", line 9 in application") {
					return
				}
			}
			t.Errorf("%+v\n%s", report, w.ErrorLog())
		})
	}
}

// TestHearsItsServerAlone has another program send what a process of the group would.
func TestHearsItsServerAlone(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	c, err := net.Dial("unixgram", filepath.Join(w.Root, "telemetry.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	forged := append([]byte("WSGI\x01\x05"), make([]byte, 18)...)
	if _, err := c.Write(append(forged, "\x06\x00\x04\x06\x00forged"...)); err != nil {
		t.Fatal(err)
	}
	w.Get("", "/")
	w.shop(t, "a request", func(g Group) bool { return g.Totals.Requests == 1 })
	view, _ := w.View()
	if view.Refused != 1 || slices.ContainsFunc(view.Groups, func(g Group) bool { return g.Name == "forged" }) {
		t.Errorf("%+v", view)
	}
}

// TestSeesRestarts stops a process with a word and kills another one without.
func TestSeesRestarts(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			seesRestarts(t, release)
		})
	}
}

func seesRestarts(t *testing.T, release string) {
	w := watch(t, release)
	w.Get("", "/")
	first := w.shop(t, "a process", func(g Group) bool { return len(g.Processes) == 1 }).Processes[0].PID
	if err := syscall.Kill(first, syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	w.Get("", "/")
	second := w.shop(t, "its successor", func(g Group) bool { return len(g.Processes) == 1 && g.Processes[0].PID != first }).Processes[0].PID
	if err := syscall.Kill(second, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	g := w.shop(t, "both gone, another there", func(g Group) bool {
		return len(g.Processes) == 1 && g.Processes[0].PID != second && g.Totals.Stopped["vanished"] == 1
	})
	if g.Totals.Stopped["graceful_signal"] != 1 || g.Totals.Started != 3 || g.Totals.Restarts != 2 {
		t.Errorf("%+v", g.Totals)
	}
}

// TestKernelTellsWhatProcessesTake holds what is said of a process against what the
// kernel says to this test.
func TestKernelTellsWhatProcessesTake(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			w := watch(t, release)
			w.Get("", "/")
			g := w.shop(t, "what a process takes", func(g Group) bool { return len(g.Processes) == 1 && g.Processes[0].Usage != nil })
			p := g.Processes[0]
			if now, err := installed.ReadUsage(p.PID); err != nil || !now.Started.Equal(p.Usage.Started) || p.Usage.CPUSeconds <= 0 || p.Usage.CPUSeconds > now.CPU.Seconds() || p.Usage.Threads < 2 || p.Usage.RSS < 1<<20 {
				t.Errorf("%+v, the kernel: %+v, %v", p.Usage, now, err)
			}
			pss, err := installed.ReadPSS(p.PID)
			if isTold := err == nil; isTold != (p.Usage.PSS != nil) || isTold != (g.Memory.Kind == memoryPSS) {
				t.Errorf("PSS of %d bytes, %v; the monitor has %v, %+v", pss, err, p.Usage.PSS, g.Memory)
			}
		})
	}
}

// TestMemoryIsOfOneKind has all processes, some or none tell the better measure.
func TestMemoryIsOfOneKind(t *testing.T) {
	t.Parallel()
	pss := uint64(3)
	told, silent, hidden := Process{RSS: 8, Usage: &Usage{RSS: 7, PSS: &pss}}, Process{RSS: 8, Usage: &Usage{RSS: 7}}, Process{RSS: 8}
	for _, test := range []struct {
		processes []Process
		want      Memory
	}{
		{[]Process{told, told}, Memory{6, memoryPSS}},
		{[]Process{told, silent}, Memory{14, memoryRSS}},
		{[]Process{told, hidden}, Memory{15, memoryRSS}},
		{nil, Memory{0, memoryRSS}},
	} {
		if got := memoryOf(test.processes); got != test.want {
			t.Errorf("%+v: %+v, want %+v", test.processes, got, test.want)
		}
	}
}

// TestAnswersPrograms reads what Prometheus, scripts and the page do.
func TestAnswersPrograms(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	w.Get("", "/")
	w.shop(t, "a request", func(g Group) bool { return g.Totals.Requests == 1 })
	if text := w.get(t, "/metrics"); !strings.Contains(text, `wsgictl_requests_total{group="shop"} 1`) || !strings.Contains(text, `wsgictl_requests_waiting{group="shop"} 0`) ||
		!strings.Contains(text, `wsgictl_request_seconds_bucket{group="shop",phase="total",le="+Inf"} 1`) {
		t.Error(text)
	}
	if text := w.get(t, "/healthz"); text != "ok\n" {
		t.Error(text)
	}
	var view View
	if err := json.Unmarshal([]byte(w.get(t, "/api/v1/view")), &view); err != nil || view.Version != 1 || len(view.Groups) == 0 {
		t.Errorf("%+v, %v", view, err)
	}
	response, err := http.Get(w.page.URL + "/api/v1/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for events := 0; events < 2 && lines.Scan(); {
		if text, is := strings.CutPrefix(lines.Text(), "data: "); is {
			if err := json.Unmarshal([]byte(text), &view); err != nil {
				t.Error(err)
			}
			events++
		}
	}
	if lines.Err() != nil {
		t.Error(lines.Err())
	}
}

func (w watched) get(t *testing.T, path string) string {
	t.Helper()
	response, err := http.Get(w.page.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, response.StatusCode, err)
	}
	return string(text)
}

// TestCannotListen says what to do about a folder that is not there.
func TestCannotListen(t *testing.T) {
	t.Parallel()
	_, err := Start(Options{Socket: filepath.Join(t.TempDir(), "none", "t.sock")})
	if err == nil || !strings.Contains(err.Error(), "no such file or directory; ") || !strings.Contains(err.Error(), "install -d -o ") {
		t.Error(err)
	}
}

// TestGuard asks as pages of other sites do, and without the token.
func TestGuard(t *testing.T) {
	t.Parallel()
	m, err := Start(Options{Socket: filepath.Join(t.TempDir(), "t.sock")})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for _, test := range []struct {
		token, host, path, user, password, bearer string
		status                                    int
	}{
		{host: "localhost:8888", path: "/api/v1/view", status: 200},
		{host: "127.0.0.1", path: "/metrics", status: 200},
		{host: "[::1]:8888", path: "/", status: 200},
		{host: "evil.example.org:8888", path: "/api/v1/view", status: 421},
		{host: "127.0.0.1.evil.example.org", path: "/", status: 421},
		{token: "secret", host: "host.example.org", path: "/api/v1/view", status: 401},
		{token: "secret", host: "host.example.org", path: "/api/v1/view", bearer: "secret", status: 200},
		{token: "secret", host: "host.example.org", path: "/", user: "me", password: "secret", status: 200},
		{token: "secret", host: "host.example.org", path: "/", user: "secret", password: "other", status: 401},
		{token: "secret", host: "host.example.org", path: "/healthz", status: 200},
	} {
		r := httptest.NewRequest(http.MethodGet, test.path, nil)
		r.Host = test.host
		if test.user != "" {
			r.SetBasicAuth(test.user, test.password)
		}
		if test.bearer != "" {
			r.Header.Set("Authorization", "Bearer "+test.bearer)
		}
		answer := httptest.NewRecorder()
		m.Handler(test.token).ServeHTTP(answer, r)
		if answer.Code != test.status {
			t.Errorf("%+v: %d", test, answer.Code)
		}
	}
}

// TestReplacesWhatTakesTooMuch has a process keep more memory than it may.
func TestReplacesWhatTakesTooMuch(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var told []string
			w := watch(t, release, func(o *Options) {
				o.MaxRSS, o.settling = MaxRSS{"shop": 80 << 20}, time.Nanosecond
				o.Tell = func(text string) {
					mu.Lock()
					defer mu.Unlock()
					told = append(told, text)
				}
			})
			w.Get("", "/")
			before := w.shop(t, "a process below the limit", func(g Group) bool { return len(g.Processes) == 1 && g.Processes[0].Usage != nil })
			if status, body := w.Get("", "/grows"); status != http.StatusOK || body != "hello" {
				t.Errorf("%d %s", status, body)
			}
			w.shop(t, "another one in its place", func(g Group) bool {
				w.Get("", "/")
				return g.Totals.Stopped[reasonRSS] == 1 && len(g.Processes) == 1 && g.Processes[0].PID != before.Processes[0].PID
			})
			mu.Lock()
			defer mu.Unlock()
			if len(told) != 1 || !strings.HasPrefix(told[0], fmt.Sprintf("process %d of shop takes ", before.Processes[0].PID)) {
				t.Errorf("%q", told)
			}
			if log := w.ErrorLog(); !strings.Contains(log, "more than max-rss: it is replaced") {
				t.Error(log)
			}
		})
	}
}
