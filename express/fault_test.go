//go:build linux

package express_test

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestReplacesKilledProcess(t *testing.T) {
	t.Parallel()
	r := newApplication(t, "6.1.1").serve(t, "hello.wsgi")
	before := r.pid()
	kill(t, before)
	r.await("another process answers", func() bool { return r.answersAnew(before) })
}

// kill ends a process of this test's own server, at once.
func kill(t *testing.T, pid string) {
	t.Helper()
	number, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(number, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// TestStartsAgainAfterApacheWasKilled with all its processes, and alone: then
// its children go on serving and hold the port.
func TestStartsAgainAfterApacheWasKilled(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		whole int // -1 for the whole process group
	}{
		{"with its children", -1},
		{"alone", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newApplication(t, "6.1.1").prepare(t, "hello.wsgi")
			r.process.WaitDelay = time.Millisecond // the children have its output open
			r.run()
			before := r.pid()
			r.kill(test.whole)
			control := filepath.Join(r.Root, "apachectl")
			run(t, control, "start")
			t.Cleanup(func() { _ = exec.Command(control, "stop").Run() })
			r.await("another process answers", func() bool { return r.answersAnew(before) })
			r.await("the old ones are gone", func() bool { return !alive(before) })
		})
	}
}

// kill ends Apache at once: its process (1), or with its children (-1).
func (r *running) kill(whole int) {
	r.t.Helper()
	if err := syscall.Kill(whole*r.process.Process.Pid, syscall.SIGKILL); err != nil {
		r.t.Fatal(err)
	}
	r.exited <- <-r.exited
}

// TestStopEndsWhatAKilledApacheLeft: nothing else would, and the port stays
// taken.
func TestStopEndsWhatAKilledApacheLeft(t *testing.T) {
	t.Parallel()
	r := newApplication(t, "6.1.1").prepare(t, "hello.wsgi")
	r.process.WaitDelay = time.Millisecond // the children have its output open
	r.run()
	r.kill(1)
	run(t, filepath.Join(r.Root, "apachectl"), "stop")
	r.await("nothing listens", func() bool { return !r.answers("/") })
}

// TestControlTakesNoOtherProcessForApache: after a crash of the machine, the
// number in the pid file may be that of any process.
func TestControlTakesNoOtherProcessForApache(t *testing.T) {
	t.Parallel()
	r := newApplication(t, "6.1.1").prepare(t, "hello.wsgi")
	control, pidFile := filepath.Join(r.Root, "apachectl"), filepath.Join(r.Root, "httpd.pid")
	other := exec.Command("sleep", "60")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- other.Wait() }()
	t.Cleanup(func() { _ = other.Process.Kill() })
	for _, word := range []string{"status", "stop", "graceful-stop", "graceful", "restart", "start"} {
		if err := os.WriteFile(pidFile, []byte(strconv.Itoa(other.Process.Pid)+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		output, err := exec.Command(control, word).CombinedOutput()
		t.Cleanup(func() { _ = exec.Command(control, "stop").Run() })
		switch word {
		case "status":
			if !strings.Contains(string(output), "Apache is not running.") {
				t.Errorf("%s: %s", word, output)
			}
		case "graceful", "restart", "start":
			r.await("Apache runs after "+word, func() bool { return r.answers("/") })
			run(t, control, "stop")
			r.await("it ended", func() bool { return !r.answers("/") })
		}
		select {
		case <-ended:
			t.Fatalf("%s ended another process (%v)\n%s", word, err, output)
		default:
		}
	}
}

// TestStartServerTakesThePortOfAKilledApache again.
func TestStartServerTakesThePortOfAKilledApache(t *testing.T) {
	t.Parallel()
	r := newApplication(t, "6.1.1").startServer(t)
	r.process.WaitDelay = time.Millisecond // the children have its output open
	r.run()
	before := r.pid()
	r.kill(1)
	again := exec.Command(r.process.Path, r.process.Args[1:]...)
	again.Env, again.Dir = r.process.Env, r.process.Dir
	again.Stdout, again.Stderr = &r.output, &r.output
	r.process, r.exited = again, make(chan error, 1)
	r.run()
	r.await("another process answers", func() bool { return r.answersAnew(before) })
}

func TestServesWhileTheLogDiskIsFull(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	logs := filepath.Join(a.Dir, "logs")
	if err := os.Mkdir(logs, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"error_log", "access_log"} {
		if err := os.Symlink("/dev/full", filepath.Join(logs, name)); err != nil {
			t.Fatal(err)
		}
	}
	a.write(t, "app.wsgi", "def application(environ, start_response):\n    print('x' * 10000, file=environ['wsgi.errors'], flush=True)\n    start_response('200 OK', [])\n    return [b'served']\n")
	r := a.serve(t, "app.wsgi", "--access-log", "--log-directory", logs)
	for range 3 {
		r.wants(r.get("/"), 200, "served")
	}
}

// TestRecoversFromFailureAtStart: the database was not there yet.
func TestRecoversFromFailureAtStart(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", "import os\nif not os.path.exists('ready'):\n    raise RuntimeError('not ready')\n\ndef application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'served']\n")
	r := a.serve(t, "app.wsgi")
	r.wants(r.get("/"), 500, "")
	a.write(t, "ready", "")
	r.await("the application is loaded", func() bool { return r.answers("/") })
}

// TestKeepsStaticFilesWhenApplicationIsStuck has more requests waiting than
// mod_wsgi-express would serve at all.
func TestKeepsStaticFilesWhenApplicationIsStuck(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", "import time\n\ndef application(environ, start_response):\n    time.sleep(1000)\n")
	r := a.serve(t, "app.wsgi", "--url-alias", "/robots.txt", filepath.Join(a.Dir, "rules.conf"), "--request-timeout", "600", "--shutdown-timeout", "1")
	waiting := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
	var started atomic.Int32
	for range 100 {
		go func() {
			started.Add(1)
			response, err := waiting.Get("http://127.0.0.1:" + strconv.Itoa(r.Port) + "/")
			if err == nil {
				response.Body.Close()
			}
		}()
	}
	r.await("all requests are under way", func() bool { return started.Load() == 100 })
	r.await("another Apache process has come to help", func() bool { return len(children(r.process.Process.Pid)) > 3 })
	for range 5 {
		r.wants(r.get("/robots.txt"), 200, "# rules")
	}
	// Apache would give the stuck requests ten seconds.
	if err := syscall.Kill(-r.process.Process.Pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}

// children are the processes that a process has started.
func children(pid int) []string {
	text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/task/" + strconv.Itoa(pid) + "/children")
	return strings.Fields(string(text))
}

// TestReplacesProcessThatGrows: an application that keeps something of each
// request is replaced before it is large, and no request is lost by it.
func TestReplacesProcessThatGrows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, option, value string
		pause               time.Duration
	}{
		{"after a number of requests", "--maximum-requests", "8", 0},
		{"after a time", "--restart-interval", "1", 100 * time.Millisecond},
		{"after a processor time", "--cpu-time-limit", "1", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			a.write(t, "app.wsgi", growing)
			r := a.serve(t, "app.wsgi", test.option, test.value)
			largest, processes := 0, map[string]bool{}
			for deadline := time.Now().Add(limit); len(processes) < 3; time.Sleep(test.pause) {
				got := r.get("/")
				r.wants(got, 200, "MB in ")
				size, pid, _ := strings.Cut(got.Body, " MB in ")
				processes[pid] = true
				if megabytes, err := strconv.Atoi(size); err != nil {
					t.Fatal(err)
				} else if len(processes) < 3 {
					largest = max(largest, megabytes)
				} else if megabytes > largest {
					t.Errorf("the third process begins with %d MB, of the others the largest had %d", megabytes, largest)
				}
				if time.Now().After(deadline) {
					t.Fatalf("%d processes after %v, the largest of %d MB\n%s", len(processes), limit, largest, r.log())
				}
			}
		})
	}
}

// growing keeps a megabyte of each request, uses up a twentieth of a second, and
// tells how much it has kept.
const growing = `import os, time

kept = []

def application(environ, start_response):
    kept.append(b"x" * 1048576)
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [("%d MB in %d" % (len(kept), os.getpid())).encode()]
`

// TestReloadKeepsProcessesWhosePythonIsGone, as after an upgrade of the base
// Python under the virtualenv: new ones would not start.
func TestReloadKeepsProcessesWhosePythonIsGone(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	interpreter, series := python(t)
	base := filepath.Join(filepath.Dir(a.Dir), "base")
	library := filepath.Join(base, "lib", "python"+series)
	stdlib := strings.TrimSpace(run(t, interpreter, "-c", "import os; print(os.path.dirname(os.__file__))"))
	if err := errors.Join(
		os.MkdirAll(filepath.Join(base, "bin"), 0o755), os.Mkdir(filepath.Join(base, "lib"), 0o755), os.Symlink(stdlib, library),
		os.WriteFile(filepath.Join(a.Venv, "pyvenv.cfg"), []byte("home = "+filepath.Join(base, "bin")+"\nversion = "+series+".0\n"), 0o644),
	); err != nil {
		t.Fatal(err)
	}
	r := a.serve(t, "hello.wsgi")
	control, before := filepath.Join(r.Root, "apachectl"), r.pid()
	if err := os.Remove(library); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"reload", "graceful", "restart"} {
		if output, err := exec.Command(control, word).CombinedOutput(); err == nil || !strings.Contains(string(output), "the standard library is gone from "+library) {
			t.Errorf("%s: error %v\n%s", word, err, output)
		}
	}
	if now := r.pid(); now != before {
		t.Errorf("process %s was replaced by %s", before, now)
	}
	run(t, control, "stop")
}
