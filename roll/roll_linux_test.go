package roll

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/roll/ready"
	"github.com/wsgictl/wsgictl/wsgi"
)

// app is an application that takes a while to load, and answers with its version.
const app = `import time
time.sleep(%g)
%s
def application(environ, start_response):
    time.sleep(3600 if environ["PATH_INFO"] == "/for-ever" else 0.01)
    if environ["PATH_INFO"] == "/exits": raise SystemExit(1)
    status = "503 Service Unavailable" if environ["PATH_INFO"] == "/unwell" else "200 OK"
    start_response(status, [("Content-Type", "text/plain")])
    return [b"%s"]
`

// A site is a server with one group.
type site struct {
	*httpdtest.Server
	t      *testing.T
	script string
}

// newSite starts a server whose group has some processes and options.
func newSite(t *testing.T, release, options string, health ready.Health) site {
	t.Helper()
	s := site{httpdtest.New(t), t, ""}
	s.deploy("old", 0.3, "")
	file := s.Write("ready.py", ready.Script(ready.Application{Script: s.script, Callable: "application", Health: health}))
	s.Start(s.LoadModule(release) + fmt.Sprintf(`WSGIRestrictEmbedded On
WSGIDaemonProcess shop display-name=%%{GROUP} %s
WSGIScriptReloading Off
WSGIScriptAlias / %q process-group=shop application-group=%%{GLOBAL}
WSGIImportScript %q process-group=shop application-group=%%{GLOBAL}
<Directory %q>
Require all granted
</Directory>
`, options, s.script, file, s.Root))
	return s
}

// deploy writes a version of the application, which takes some seconds to load.
func (s *site) deploy(version string, seconds float64, statement string) {
	s.script = s.Write("app.wsgi", fmt.Sprintf(app, seconds, statement, version))
}

// roll is one of the only group.
func (s site) roll(limit time.Duration) Roll {
	s.t.Helper()
	config, err := conf.Read(s.Root+"/httpd.conf", conf.Options{ServerRoot: s.Root})
	if err != nil {
		s.t.Fatal(err)
	}
	server, runs := installed.ReadProcess("", s.PID())
	if !runs {
		s.t.Fatal("Apache does not run")
	}
	return Roll{Server: server, Group: Groups(wsgi.Look(config, modwsgi.Release{}, nil))[0], Limit: limit}
}

// awaitReady waits until some processes of the group are ready.
func (s site) awaitReady(n int) []process {
	s.t.Helper()
	r := s.roll(time.Minute)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		found := slices.DeleteFunc(r.Group.processes(r.Server), func(p process) bool { return !p.isReady(r.Group) })
		if len(found) == n {
			return found
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%d of %d processes are ready:\n%s", len(found), n, s.ErrorLog())
		}
	}
}

// awaitLog waits until the error log has a text.
func (s site) awaitLog(text string) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(s.ErrorLog(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatal(s.ErrorLog())
		}
	}
}

// A load asks a server all the time.
type load struct {
	asked, failed atomic.Int64
	answers       sync.Map // by what was answered
	end           func()
}

func (s site) load() *load {
	var l load
	ctx, stop := context.WithCancel(s.t.Context())
	var clients sync.WaitGroup
	for range 3 {
		clients.Go(func() {
			for ctx.Err() == nil {
				status, body := s.Get("", "/")
				l.asked.Add(1)
				if status != http.StatusOK {
					l.failed.Add(1)
				}
				l.answers.Store(body, true)
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	l.end = sync.OnceFunc(func() { stop(); clients.Wait() })
	s.t.Cleanup(l.end)
	return &l
}

func (l *load) has(answer string) bool {
	_, has := l.answers.Load(answer)
	return has
}

var releases = []string{"4.9.4", "5.0.2", "6.1.1"}

// TestRollReplacesAllWithoutAFailure rolls a group under load to a new version.
func TestRollReplacesAllWithoutAFailure(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		for _, options := range []string{"processes=3 threads=3", "processes=3 threads=3 graceful-timeout=2"} {
			t.Run(release+" "+options, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, release, options, ready.Health{})
				old := s.awaitReady(3)
				l := s.load()
				s.deploy("new", 0.3, "")
				r := s.roll(time.Minute)
				var told []int
				r.Tell = func(done, _ int) { told = append(told, done) }
				if err := r.Run(t.Context()); err != nil {
					t.Fatal(err)
				}
				l.end()
				fresh := s.awaitReady(3)
				if left := among(fresh, old); len(left) > 0 {
					t.Errorf("not replaced: %v", left)
				}
				if _, body := s.Get("", "/"); body != "new" {
					t.Errorf("answer %q", body)
				}
				if l.failed.Load() > 0 || !slices.Equal(told, []int{0, 1, 2, 3}) {
					t.Errorf("%d of %d failed; told %v\n%s", l.failed.Load(), l.asked.Load(), told, s.ErrorLog())
				}
			})
		}
	}
}

// TestRollStopsAtTheFirstThatDoesNotLoad deploys what cannot be imported.
func TestRollStopsAtTheFirstThatDoesNotLoad(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, release, "processes=3 threads=3", ready.Health{})
			old := s.awaitReady(3)
			l := s.load()
			s.deploy("new", 0, `raise RuntimeError("no such table: basket")`)
			err := s.roll(time.Minute).Run(t.Context())
			var notReady *NotReady
			if !errors.As(err, &notReady) || !notReady.Failed {
				t.Fatalf("%v\n%s", err, s.ErrorLog())
			}
			if text := strings.Join(notReady.Log, "\n"); !strings.Contains(text, "RuntimeError: no such table: basket") || !strings.Contains(text, "wsgictl: this process is not ready") {
				t.Errorf("the log that is shown:\n%s", text)
			}
			time.Sleep(500 * time.Millisecond) // in which a process that takes requests would have got some
			l.end()
			if left := s.awaitReady(2); len(among(left, old)) != 2 || l.failed.Load() > 0 || l.has("new") {
				t.Errorf("%d of %d failed; old are %v, left %v", l.failed.Load(), l.asked.Load(), old, left)
			}
			s.deploy("newer", 0, "")
			if err := s.roll(time.Minute).Run(t.Context()); err != nil {
				t.Fatalf("after it was fixed: %v\n%s", err, s.ErrorLog())
			}
			if all := s.awaitReady(3); len(among(all, old)) != 0 {
				t.Errorf("not replaced: %v", all)
			}
		})
	}
}

// TestRollStopsWhereHealthFails has the application answer with 503 before clients ask.
func TestRollStopsWhereHealthFails(t *testing.T) {
	t.Parallel()
	s := newSite(t, "6.1.1", "processes=2 threads=3", ready.Health{Scheme: "https", Host: "shop.example.org:8443", Path: "/unwell"})
	s.awaitLog("https://shop.example.org:8443/unwell was answered with 503 Service Unavailable")
	if status, _ := s.Get("", "/"); status != http.StatusOK {
		t.Errorf("where no process is ready, all have to serve: %d\n%s", status, s.ErrorLog())
	}
	var notReady *NotReady
	if err := s.roll(time.Minute).Run(t.Context()); !errors.As(err, &notReady) || !notReady.Failed {
		t.Errorf("%v\n%s", err, s.ErrorLog())
	}
}

// TestRollStopsWhereHealthExits has the application call sys.exit before clients ask.
func TestRollStopsWhereHealthExits(t *testing.T) {
	t.Parallel()
	s := newSite(t, "6.1.1", "processes=2 threads=3", ready.Health{Scheme: "http", Host: "shop.example.org", Path: "/exits"})
	var notReady *NotReady
	if err := s.roll(time.Minute).Run(t.Context()); !errors.As(err, &notReady) || !notReady.Failed {
		t.Errorf("%v\n%s", err, s.ErrorLog())
	}
	if log := s.ErrorLog(); !strings.Contains(log, "http://shop.example.org/exits was not answered") {
		t.Error(log)
	}
}

// TestRollKnowsAScriptByALink has the file name a link to the script.
func TestRollKnowsAScriptByALink(t *testing.T) {
	t.Parallel()
	s := newSite(t, "4.9.4", "processes=2 threads=3", ready.Health{})
	s.awaitReady(2)
	if err := os.Symlink("app.wsgi", s.Root+"/link.wsgi"); err != nil {
		t.Fatal(err)
	}
	s.Write("ready.py", ready.Script(ready.Application{Script: s.Root + "/link.wsgi", Callable: "application"}))
	if err := s.roll(time.Minute).Run(t.Context()); err != nil {
		t.Errorf("%v\n%s", err, s.ErrorLog())
	}
}

// TestNobodyBelievesAnotherAccount has a process of another account take the title of
// a group whose application does not load, and say that it is ready.
func TestNobodyBelievesAnotherAccount(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	s := site{httpdtest.New(t), t, ""}
	s.deploy("other", 0, "")
	other := s.Write("other-ready.py", ready.Script(ready.Application{Script: s.script, Callable: "application"}))
	broken := s.Write("broken.wsgi", "import os, time\nwhile not os.path.exists("+fmt.Sprintf("%q", s.Root+"/other")+"): time.sleep(0.02)\nraise RuntimeError\n")
	file := s.Write("ready.py", ready.Script(ready.Application{Script: broken, Callable: "application"}))
	s.Start(s.LoadModule("6.1.1") + fmt.Sprintf(`WSGIRestrictEmbedded On
WSGIDaemonProcess shop processes=2 display-name=%%{GROUP}
WSGIDaemonProcess other processes=1 user=daemon display-name=(wsgi:shop)
WSGIScriptAlias /other %q process-group=other application-group=%%{GLOBAL}
WSGIImportScript %q process-group=other application-group=%%{GLOBAL}
WSGIScriptAlias / %q process-group=shop application-group=%%{GLOBAL}
WSGIImportScript %q process-group=shop application-group=%%{GLOBAL}
<Directory %q>
Require all granted
</Directory>
`, s.script, other, broken, file, s.Root))
	s.awaitReady(1)
	s.Write("other", "")
	if status, _ := s.Get("", "/"); status != http.StatusInternalServerError {
		t.Errorf("status %d", status)
	}
	if log := s.ErrorLog(); !strings.Contains(log, "wsgictl: this process is not ready") || strings.Contains(log, "it takes no requests as long as") {
		t.Error(log)
	}
	r := s.roll(time.Minute)
	if err := r.Check(t.Context()); !errors.Is(err, ErrShared) {
		t.Errorf("two groups of one title: %v", err)
	}
	r.Group.Titles = nil // as where the process gave itself the title
	if err := r.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "run by several accounts") {
		t.Error(err)
	}
}

// TestHealthThatIsNotAnsweredKeepsNobodyFromServing asks for what takes for ever.
func TestHealthThatIsNotAnsweredKeepsNobodyFromServing(t *testing.T) {
	t.Parallel()
	s := newSite(t, "6.1.1", "processes=2 threads=3", ready.Health{Scheme: "http", Host: "shop.example.org", Path: "/for-ever"})
	s.awaitLog("http://shop.example.org/for-ever was not answered within 10 s")
	if status, _ := s.Get("", "/"); status != http.StatusOK {
		t.Errorf("status %d\n%s", status, s.ErrorLog())
	}
}

// TestRollGivesUpOnWhatLoadsForEver waits for a process no longer than it was told to.
func TestRollGivesUpOnWhatLoadsForEver(t *testing.T) {
	t.Parallel()
	s := newSite(t, "4.9.4", "processes=2 threads=3", ready.Health{})
	s.awaitReady(2)
	s.deploy("new", 3600, "")
	err := s.roll(time.Second).Run(t.Context())
	var notReady *NotReady
	if !errors.As(err, &notReady) || notReady.Failed {
		t.Fatal(err)
	}
	if status, body := s.Get("", "/"); status != http.StatusOK || body != "old" {
		t.Errorf("%d %s", status, body)
	}
	s.deploy("newer", 0, "")
	if err := s.roll(time.Minute).Run(t.Context()); err != nil {
		t.Fatalf("after it was fixed: %v", err)
	}
}

// TestRollRefusesWhatRequestsWouldWaitFor looks at configurations that cannot be rolled.
func TestRollRefusesWhatRequestsWouldWaitFor(t *testing.T) {
	t.Parallel()
	s := newSite(t, "4.9.4", "processes=2 threads=3", ready.Health{})
	s.awaitReady(2)
	r := s.roll(time.Minute)
	for _, test := range []struct {
		name   string
		change func(r *Roll)
		want   string
	}{
		{"no name", func(r *Roll) { r.Group.Title = "" }, ErrNoName.Error()},
		{"no sign", func(r *Roll) { r.Group.Signs = 0 }, ErrNoSign.Error()},
		{"none", func(r *Roll) { r.Group.Title = "(wsgi:other)" }, ErrNoneRun.Error()},
		{"alone", func(r *Roll) { r.Group.Processes = 1 }, ErrAlone.Error()},
		{"all at once", func(r *Roll) { r.Parallel = 2 }, "2 processes at a time are all that there are"},
	} {
		other := r
		test.change(&other)
		if err := other.Run(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if len(among(s.awaitReady(2), r.Group.processes(r.Server))) != 2 {
		t.Error("a process was replaced")
	}
}

// TestColdStartOfABrokenApplicationAnswers starts Apache with what cannot be imported:
// requests get 500 and do not wait, and the application comes back without a restart.
func TestColdStartOfABrokenApplicationAnswers(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := site{httpdtest.New(t), t, ""}
			s.deploy("new", 0, fmt.Sprintf("import os\nif not os.path.exists(%q): raise RuntimeError('no database')", s.Root+"/database"))
			file := s.Write("ready.py", ready.Script(ready.Application{Script: s.script, Callable: "application"}))
			s.Start(s.LoadModule(release) + fmt.Sprintf(`WSGIRestrictEmbedded On
WSGIDaemonProcess shop processes=2 display-name=%%{GROUP}
WSGIScriptAlias / %q process-group=shop application-group=%%{GLOBAL}
WSGIImportScript %q process-group=shop application-group=%%{GLOBAL}
<Directory %q>
Require all granted
</Directory>
`, s.script, file, s.Root))
			if status, _ := s.Get("", "/"); status != http.StatusInternalServerError {
				t.Errorf("status %d\n%s", status, s.ErrorLog())
			}
			s.Write("database", "")
			for range 50 { // until each process has served a request
				if status, body := s.Get("", "/"); status != http.StatusOK || body != "new" {
					t.Fatalf("once it works: %d %s\n%s", status, body, s.ErrorLog())
				}
				if strings.Count(s.ErrorLog(), "wsgictl: this process is ready now") == 2 {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			s.awaitReady(2)
		})
	}
}

// TestNobodyWaitsForAKilledApache kills Apache while a process waits.
func TestNobodyWaitsForAKilledApache(t *testing.T) {
	t.Parallel()
	s := newSite(t, "6.1.1", "processes=2 threads=3", ready.Health{})
	s.awaitReady(2)
	s.deploy("new", 0, `raise RuntimeError`)
	var notReady *NotReady
	if err := s.roll(time.Minute).Run(t.Context()); !errors.As(err, &notReady) {
		t.Fatal(err)
	}
	all := s.roll(time.Minute).Group.processes(s.roll(time.Minute).Server)
	s.Signal(syscall.SIGKILL)
	defer syscall.Kill(-s.PID(), syscall.SIGKILL) // what mod_wsgi and httpd leave
	for _, p := range all {
		for deadline := time.Now().Add(time.Minute); p.failed && p.IsRunning(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("process %d waits still", p.PID)
			}
		}
	}
}

// TestSaidLeavesOutWhatGoesWell reads the log of several processes.
func TestSaidLeavesOutWhatGoesWell(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/log"
	text := `[Tue Dec 01 04:03:11.035046 2026] [wsgi:info] [pid 16:tid 16] mod_wsgi (pid=16): Starting process 'shop'.
[Tue Dec 01 04:03:11.035046 2026] [wsgi:error] [pid 16:tid 16] Traceback (most recent call last):
[Tue Dec 01 04:03:11.035046 2026] [wsgi:error] [pid 161:tid 161] another
[Tue Dec 01 04:03:11.035046 2026] [wsgi:error] [pid 16:tid 16]   File "/srv/app.py", line 1, in <module>
no line of Apache's
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{"Traceback (most recent call last):", `  File "/srv/app.py", line 1, in <module>`}
	if got := (Group{Log: file}).said(16); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
