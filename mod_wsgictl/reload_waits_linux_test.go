package modwsgictl_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/needtest"
)

// hangingApp is never done with /hang; it tells its process otherwise.
const hangingApp = `import os, time

def application(environ, start_response):
    if environ["PATH_INFO"] == "/hang":
        open(os.path.join(os.path.dirname(__file__), "run", "hanging"), "w").close()
        time.sleep(100000)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d" % os.getpid()]
`

// forever is longer than any test waits.
const forever = "WSGICtlDrain 3600\nKeepAliveTimeout 3600\nTimeout 3600\nRequestReadTimeout header=0 body=0\n"

// hanging starts a server with a request in the hands of its daemon process.
func hanging(t *testing.T, mpm, more string) *httpdtest.Server {
	t.Helper()
	s := serve(t, mpm, "6.1.1", hangingApp, more)
	connection := dial(t, s)
	fmt.Fprint(connection, "GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")
	await(t, s, "the application works on the request", func() bool {
		_, err := os.Stat(filepath.Join(s.Root, "run", "hanging"))
		return err == nil
	})
	return s
}

// cutOff is what the log tells of them, and of children that have not yet taken
// notice of the reload.
var cutOff = regexp.MustCompile("reload after [0-9]+ ms .* not waited for: [1-9]")

// TestReloadWaitsNoLongerThanItsLimit and says what it cuts off.
func TestReloadWaitsNoLongerThanItsLimit(t *testing.T) {
	everyMPM(t, func(t *testing.T, mpm string) {
		s := hanging(t, mpm, "WSGICtlDrain 1\n")
		reload(t, s)
		if !cutOff.MatchString(s.ErrorLog()) {
			t.Errorf("the log does not tell of the request:\n%s", lastLines(s))
		}
		s.Get("", "/")
	})
}

// TestReloadDoesNotWaitForTheDead: children that were killed with a request in
// the hands of a daemon process.
func TestReloadDoesNotWaitForTheDead(t *testing.T) {
	everyMPM(t, func(t *testing.T, mpm string) {
		s := hanging(t, mpm, forever)
		daemons := daemonsOf(s)
		for _, child := range installed.Children(s.PID()) {
			if !slices.Contains(daemons, child.PID) {
				if err := syscall.Kill(child.PID, syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
			}
		}
		reload(t, s)
		s.Get("", "/")
	})
}

// daemonsOf are the processes that answer.
func daemonsOf(s *httpdtest.Server) []int {
	var pids []int
	for range 100 { // of both
		_, body := s.Get("", "/")
		pid, _ := strconv.Atoi(body)
		pids = append(pids, pid)
	}
	return pids
}

// TestReloadDoesNotHoldUpAStop that comes while it waits, nor forgets it: also where the
// configuration that is read next has no module.
func TestReloadDoesNotHoldUpAStop(t *testing.T) {
	for name, signal := range map[string]syscall.Signal{"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "WINCH": syscall.SIGWINCH, "TERM without": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			everyMPM(t, func(t *testing.T, mpm string) {
				s := hanging(t, mpm, forever+"GracefulShutdownTimeout 1\n")
				if name == "TERM without" {
					withoutModule(t, s)
				}
				s.Signal(syscall.SIGUSR1)
				await(t, s, "the parent restarts", func() bool { return strings.Contains(s.ErrorLog(), "raceful restart") })
				s.Signal(signal)
				await(t, s, "the server stopped", func() bool { return syscall.Kill(s.PID(), 0) != nil })
			})
		})
	}
}

// withoutModule takes the module out of a server's configuration, which it has read.
func withoutModule(t *testing.T, s *httpdtest.Server) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Root, "httpd.conf"))
	if err != nil {
		t.Fatal(err)
	}
	s.Write("httpd.conf", regexp.MustCompile("(?m)^(LoadModule wsgictl|WSGICtl).*\n").ReplaceAllString(string(text), ""))
}

// TestReloadDoesNotWaitForWhatNeedsNoDaemon: connections on which no request is
// under way, and downloads of files.
func TestReloadDoesNotWaitForWhatNeedsNoDaemon(t *testing.T) {
	for name, request := range map[string]string{
		"idle":     "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"download": "GET /static/large HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			everyMPM(t, func(t *testing.T, mpm string) {
				s := serve(t, mpm, "6.1.1", hangingApp, forever+"Alias /static ${ROOT}/static\n")
				connection := dial(t, s)
				fmt.Fprint(connection, request)
				response, err := http.ReadResponse(bufio.NewReader(connection), nil)
				if err != nil || response.StatusCode != http.StatusOK {
					t.Fatal(response, err)
				}
				if name == "idle" {
					if _, err := io.Copy(io.Discard, response.Body); err != nil {
						t.Fatal(err)
					}
				}
				reload(t, s)
				s.Get("", "/")
				if name == "idle" {
					if text, err := io.ReadAll(connection); len(text) > 0 || err != nil {
						t.Errorf("the connection is not closed: %q, %v", text, err)
					}
				}
			})
		})
	}
}

// TestIdleConnectionsSleep until there is something to do: one call waits for the
// client, and for a reload, for all of KeepAliveTimeout.
func TestIdleConnectionsSleep(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		needtest.Elsewhere(t, "the calls of threads are those of amd64")
	}
	needtest.Root(t)
	t.Parallel()
	for _, mpm := range []string{"worker", "prefork"} {
		t.Run(mpm, func(t *testing.T) {
			t.Parallel()
			s := serve(t, mpm, "6.1.1", hangingApp, "KeepAliveTimeout 1234\n")
			fmt.Fprint(dial(t, s), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
			await(t, s, "a thread waits for two descriptors", func() bool {
				for _, child := range installed.Children(s.PID()) {
					tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", child.PID))
					for _, task := range tasks {
						if call, _ := os.ReadFile(task); sleeping.Match(call) {
							return true
						}
					}
				}
				return false
			})
		})
	}
}

// sleeping is poll with two descriptors and that time in milliseconds.
var sleeping = regexp.MustCompile(fmt.Sprintf("^7 0x[0-9a-f]+ 0x2 0x%x ", 1_234_000))

// TestReloadWaitsByAClockThatNobodySets: two hours more while it waits are none.
func TestReloadWaitsByAClockThatNobodySets(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	run := filepath.Join(s.Root, "run")
	s.Env = interposed(t, "gettimeofday", fmt.Sprintf("if (access(%q, F_OK) == 0) now->tv_sec += 7200;", filepath.Join(run, "later")))
	s = serveOn(t, s, "6.1.1", `import os, time

def application(environ, start_response):
    run = os.path.join(os.path.dirname(__file__), "run")
    open(os.path.join(run, "hanging"), "w").close()
    while not os.path.exists(os.path.join(run, "later")):
        time.sleep(0.001)
    time.sleep(0.1) # in which the parent looks at its clock
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"whole"]
`, forever)
	connection := dial(t, s)
	fmt.Fprint(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	await(t, s, "the application works on the request", func() bool {
		_, err := os.Stat(filepath.Join(run, "hanging"))
		return err == nil
	})
	s.Signal(syscall.SIGUSR1)
	await(t, s, "the parent restarts", func() bool { return strings.Contains(s.ErrorLog(), "raceful restart") })
	s.Write("run/later", "")
	if answer, err := io.ReadAll(connection); !strings.HasSuffix(string(answer), "\r\n\r\nwhole") {
		t.Errorf("%q, %v\n%s", answer, err, lastLines(s))
	}
	await(t, s, "the reload is over", func() bool { return strings.Contains(s.ErrorLog(), "wsgictl: reload after") })
	if cutOff.MatchString(s.ErrorLog()) {
		t.Errorf("the request was not waited for:\n%s", lastLines(s))
	}
}

// TestReloadDoesNotWaitWithoutDaemons: what runs in a child goes on in it.
func TestReloadDoesNotWaitWithoutDaemons(t *testing.T) {
	everyMPM(t, func(t *testing.T, mpm string) {
		s := httpdtest.New(t)
		s.MPM = mpm
		s.Start(load(t, s) + forever)
		connection := dial(t, s)
		fmt.Fprint(connection, "GET / HTTP/1.1\r\n")
		reload(t, s)
	})
}

// TestReloadCountsAfterManyChildren have come and gone: more than there may be at
// a time. Those of event come and go by reloads alone, since MaxConnectionsPerChild
// can leave it without a place for another one, also without the module (AH03490).
func TestReloadCountsAfterManyChildren(t *testing.T) {
	everyMPM(t, func(t *testing.T, mpm string) {
		few, reloads := "ThreadsPerChild 5\nServerLimit 6\nMaxRequestWorkers 15\n", 2
		switch mpm {
		case "event":
			reloads = 8
		case "worker":
			few += "MaxConnectionsPerChild 3\n"
		case "prefork":
			few = "ServerLimit 8\nMaxRequestWorkers 8\nMaxConnectionsPerChild 3\n"
		}
		s := serve(t, mpm, "6.1.1", workingApp, "WSGICtlDrain 60\nStartServers 2\n"+few)
		stop := askAllTheTime(s, 8)
		for range reloads {
			before := len(stop.answered)
			await(t, s, "requests are answered", func() bool { return len(stop.answered) > before+25 || len(stop.lost) > 0 })
			reload(t, s)
		}
		if lost := stop.stop(); len(lost) > 0 {
			t.Errorf("%d answered, %d lost: %q\n%s", len(stop.answered), len(lost), lost, lastLines(s))
		}
	})
}
