package templates_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/templates"
)

// newest and oldest are the ends of what the tests serve with.
const (
	newest = "6.1.1"
	oldest = "4.9.4"
)

// serve starts an Apache whose only application is a script of testdata, run
// by the daemon process group "app" with the settings given as NAME=VALUE.
func serve(t *testing.T, s *httpdtest.Server, release, script string, settings ...string) {
	t.Helper()
	s.Start(configure(t, s, release, script, settings...))
}

// configure renders the configuration of serve.
func configure(t *testing.T, s *httpdtest.Server, release, script string, settings ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", script))
	if err != nil {
		t.Fatal(err)
	}
	daemon := templates.Daemon{Name: "app", Release: modwsgi.MustParseRelease(release)}
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: name, Value: value})
	}
	group, err := daemon.Render()
	if err != nil {
		t.Fatal(err)
	}
	application := templates.Application{Script: s.Write("app/"+script, string(text))}
	snippet, err := application.RenderFor("app")
	if err != nil {
		t.Fatal(err)
	}
	return s.LoadModule(release) + group + snippet
}

func TestApplicationRunsInItsDaemonVirtualenvAndLocale(t *testing.T) {
	t.Parallel()
	for _, release := range []string{oldest, newest} {
		for _, account := range []string{"root", "nobody"} {
			t.Run(release+" started by "+account, func(t *testing.T) {
				t.Parallel()
				s := httpdtest.New(t)
				s.As = credential(t, account)
				writableByAll(t, filepath.Join(s.Root, "app", "files"))
				venv := filepath.Join(s.Root, "venv")
				if output, err := exec.Command("/usr/bin/python3", "-m", "venv", "--without-pip", venv).CombinedOutput(); err != nil {
					t.Fatalf("python3 -m venv: %v\n%s", err, output)
				}
				serve(t, s, release, "probe.wsgi", "python-home="+venv, "home="+s.Root)

				status, body := s.Get("", "/")
				if status != http.StatusOK {
					t.Fatalf("status %d\n%s", status, s.ErrorLog())
				}
				var answer map[string]any
				if err := json.Unmarshal([]byte(body), &answer); err != nil {
					t.Fatalf("%v in %q", err, body)
				}
				delete(answer, "pid")
				want := map[string]any{
					"group": "app", "interpreter": "", "release": releaseNumbers(release), "prefix": venv, "cwd": s.Root,
					"lang": "C.UTF-8", "lc_all": "C.UTF-8", "filesystem": "utf-8", "listed": true, "uid": float64(uidOf(t, "nobody")),
				}
				if diff := cmp.Diff(want, answer); diff != "" {
					t.Errorf("the application sees (-want +got):\n%s", diff)
				}
				if log := s.ErrorLog(); !strings.Contains(log, `stdout takes Gr\xc3\xbc\xc3\x9fe`) && !strings.Contains(log, "stdout takes Grüße") {
					t.Errorf("what was printed is not in the error log:\n%s", log)
				}
			})
		}
	}
}

func TestRestrictEmbeddedKeepsPythonOutOfApachesChildren(t *testing.T) {
	t.Parallel()
	for _, release := range []string{oldest, newest} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			writableByAll(t, filepath.Join(s.Root, "app", "files"))
			serve(t, s, release, "probe.wsgi", "processes=2")
			if status, _ := s.Get("", "/"); status != http.StatusOK {
				t.Fatalf("status %d of the application\n%s", status, s.ErrorLog())
			}
			if got := pythonStarts(s); got != 2 {
				t.Errorf("Python was started %d times, want 2, once for each daemon process\n%s", got, s.ErrorLog())
			}
		})
	}
	t.Run("without it each child starts Python", func(t *testing.T) {
		t.Parallel()
		s := httpdtest.New(t)
		writableByAll(t, filepath.Join(s.Root, "app", "files"))
		s.Start(strings.Replace(configure(t, s, newest, "probe.wsgi", "processes=2"), "WSGIRestrictEmbedded On", "", 1))
		if status, _ := s.Get("", "/"); status != http.StatusOK {
			t.Fatalf("status %d of the application\n%s", status, s.ErrorLog())
		}
		if got := pythonStarts(s); got <= 2 {
			t.Errorf("Python was started %d times: the check above cannot fail", got)
		}
	})
}

func TestAliasThatIsNotDelegatedIsRefused(t *testing.T) {
	t.Parallel()
	for _, release := range []string{oldest, newest} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			configuration := configure(t, s, release, "stuck.wsgi")
			s.Start("WSGIScriptAlias /embedded " + s.Root + "/app/stuck.wsgi\n" + configuration)
			if status, _ := s.Get("", "/"); status != http.StatusOK {
				t.Errorf("status %d of the delegated alias", status)
			}
			if status, _ := s.Get("", "/embedded"); status != http.StatusInternalServerError {
				t.Errorf("status %d of the alias that is not delegated, want 500", status)
			}
			if !strings.Contains(s.ErrorLog(), "Embedded mode of mod_wsgi disabled by runtime configuration") {
				t.Errorf("the error log does not say why:\n%s", s.ErrorLog())
			}
		})
	}
}

func TestStartupTimeoutHealsTransientFailure(t *testing.T) {
	t.Parallel()
	for _, release := range []string{oldest, newest} {
		for value, heals := range map[string]bool{"startup-timeout=2": true, "startup-timeout=0": false} {
			t.Run(release+" "+value, func(t *testing.T) {
				t.Parallel()
				s := httpdtest.New(t)
				broken := s.Write("app/broken", "")
				serve(t, s, release, "transient.wsgi", "processes=1", value, "graceful-timeout=1", "shutdown-timeout=1")
				if status, _ := s.Get("", "/"); status != http.StatusInternalServerError {
					t.Fatalf("status %d while the cause is there, want 500", status)
				}
				if err := os.Remove(broken); err != nil {
					t.Fatal(err)
				}
				limit := 12 * time.Second // long after the process would have been replaced
				if heals {
					limit = time.Minute // a busy machine makes it later
				}
				if healed := answersWithin(s, limit); healed != heals {
					t.Errorf("answers again: %v, want %v\n%s", healed, heals, s.ErrorLog())
				}
			})
		}
	}
}

func TestQueueTimeoutThrowsAwayWhatWaitedTooLong(t *testing.T) {
	t.Parallel()
	for _, release := range []string{oldest, newest} {
		for value, want := range map[string]int{"queue-timeout=1": http.StatusGatewayTimeout, "queue-timeout=0": http.StatusOK} {
			t.Run(release+" "+value, func(t *testing.T) {
				t.Parallel()
				s := httpdtest.New(t)
				writableByAll(t, filepath.Join(s.Root, "app", "entered"))
				serve(t, s, release, "stuck.wsgi", "processes=1", "threads=1", value)
				if !answersWithin(s, time.Minute) { // the start alone may take longer than a second
					t.Fatalf("no answer before the queue\n%s", s.ErrorLog())
				}
				var slow sync.WaitGroup
				slow.Go(func() { s.Get("", "/slow") })
				awaitEntered(t, s, 1)
				if status, _ := s.Get("", "/waits"); status != want {
					t.Errorf("status %d of a request that waited for longer than a second, want %d", status, want)
				}
				slow.Wait()
				if !answersWithin(s, time.Minute) {
					t.Error("no answer after the queue")
				}
			})
		}
	}
}

// recovery is what the test of stuck threads asks for; long enough that a
// whole second of request-timeout is a small part of it.
const recovery = 20 * time.Second

func TestRequestTimeoutRecoversWhenItWasAskedTo(t *testing.T) {
	t.Parallel()
	const threads = 5
	took := map[string]time.Duration{}
	var mu sync.Mutex
	t.Run("stuck", func(t *testing.T) {
		for _, release := range []string{oldest, newest} {
			t.Run(release, func(t *testing.T) {
				t.Parallel()
				timeout := modwsgi.RequestTimeoutFor(modwsgi.MustParseRelease(release), threads, recovery)
				s := stuckServer(t, release, threads, timeout.Value)
				start := time.Now()
				if !answersWithin(s, 2*recovery) {
					t.Fatalf("all threads stuck, and no answer within %v\n%s", 2*recovery, s.ErrorLog())
				}
				mu.Lock()
				defer mu.Unlock()
				took[release] = time.Since(start)
			})
		}
		t.Run("never without it", func(t *testing.T) {
			t.Parallel()
			if s := stuckServer(t, newest, threads, 0); answersWithin(s, recovery+10*time.Second) {
				t.Error("all threads stuck, and an answer without request-timeout: the check above cannot fail")
			}
		})
	})
	for release, duration := range took {
		t.Logf("%s: service was back %v after every thread got stuck", release, duration.Round(100*time.Millisecond))
		if duration < recovery*9/10 || duration > 2*recovery { // a busy machine makes it later, and nothing makes it earlier
			t.Errorf("%s: back after %v, want %v", release, duration, recovery)
		}
	}
}

// stuckServer is a server of one process with every thread stuck for good.
func stuckServer(t *testing.T, release string, threads, requestTimeout int) *httpdtest.Server {
	s := httpdtest.New(t)
	writableByAll(t, filepath.Join(s.Root, "app", "entered"))
	serve(t, s, release, "stuck.wsgi", "processes=1", fmt.Sprintf("threads=%d", threads),
		fmt.Sprintf("request-timeout=%d", requestTimeout), "graceful-timeout=1", "shutdown-timeout=1")
	if status, _ := s.Get("", "/"); status != http.StatusOK {
		t.Fatalf("status %d before it is stuck\n%s", status, s.ErrorLog())
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	for range threads {
		go ask(ctx, s.URL+"/stuck")
	}
	awaitEntered(t, s, threads)
	return s
}

// awaitEntered waits until that many threads have begun a request that takes
// long.
func awaitEntered(t *testing.T, s *httpdtest.Server, want int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if entered, err := os.ReadDir(filepath.Join(s.Root, "app", "entered")); err == nil && len(entered) >= want {
			return
		}
	}
	t.Fatalf("%d threads did not begin their requests\n%s", want, s.ErrorLog())
}

// answersWithin asks every half second until the application answers with 200.
func answersWithin(s *httpdtest.Server, limit time.Duration) bool {
	deadline := time.Now().Add(limit)
	for time.Now().Before(deadline) {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		status := ask(ctx, s.URL+"/")
		cancel()
		if status == http.StatusOK {
			return true
		}
		time.Sleep(500 * time.Millisecond)
	}
	return false
}

// ask gives the status of a GET, or 0 without an answer.
func ask(ctx context.Context, url string) int {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

var pythonStart = regexp.MustCompile(`(?m)Initializing Python\b.*$`)

// pythonStarts counts the processes that started a Python.
func pythonStarts(s *httpdtest.Server) int {
	return len(pythonStart.FindAllString(s.ErrorLog(), -1))
}

func releaseNumbers(release string) []any {
	var numbers []any
	for part := range strings.SplitSeq(release, ".") {
		n, _ := strconv.Atoi(part)
		numbers = append(numbers, float64(n))
	}
	return numbers
}

func uidOf(t *testing.T, name string) int {
	t.Helper()
	account, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(account.Uid)
	return uid
}

// credential is the account that starts httpd: nil for root, which only root
// can use, as only root can use another one.
func credential(t *testing.T, name string) *syscall.Credential {
	t.Helper()
	needtest.Root(t)
	if name == "root" {
		return nil
	}
	account, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	gid, _ := strconv.Atoi(account.Gid)
	return &syscall.Credential{Uid: uint32(uidOf(t, name)), Gid: uint32(gid)}
}

func writableByAll(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
}
