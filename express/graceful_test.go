//go:build linux

package express_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// TestGracefulLosesNoRequest under load, with each MPM, where wsgictl is still there to look
// before Apache reads its configuration, and where it is not. Clients keep their
// connections and ask again on another where one was closed, as browsers do.
func TestGracefulLosesNoRequest(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	run(t, "go", "build", "-o", bin, "github.com/wsgictl/wsgictl/cmd/wsgictl")
	for _, mpm := range []string{"worker", "event", "prefork"} {
		for about, program := range map[string]string{"with wsgictl": filepath.Join(bin, "wsgictl"), "without": ""} {
			t.Run(mpm+" "+about, func(t *testing.T) {
				t.Parallel()
				a := newApplication(t, "6.1.1")
				a.Program = program
				drain := a.write(t, "drain.conf", "WSGICtlDrain 60\n") // however loaded the machine is
				r := a.serve(t, "hello.wsgi", "--server-mpm", mpm, "--include-file", drain)
				before := r.pid()
				stop := r.load(8)
				for range 3 {
					run(t, filepath.Join(r.Root, "apachectl"), "graceful")
					r.await("Apache has read its configuration", func() bool { return strings.Contains(r.log(), "resuming normal operations") && r.pid() != before })
					before = r.pid()
				}
				if answered, lost := stop(); len(lost) > 0 || answered == 0 {
					t.Errorf("%d requests answered; lost: %q\n%s", answered, lost, r.log())
				}
			})
		}
	}
}

// load asks all the time, from so many clients, until stop; which tells how many
// requests were answered, and what became of the others.
func (r *running) load(clients int) (stop func() (answered int64, lost []string)) {
	var count atomic.Int64
	var ended atomic.Bool
	var group sync.WaitGroup
	failures := make(chan string, 1000)
	for range clients {
		group.Go(func() {
			client := &http.Client{Timeout: limit, Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			for !ended.Load() {
				response, err := client.Get("http://127.0.0.1:" + strconv.Itoa(r.Port) + "/")
				if err != nil {
					failures <- err.Error()
					continue
				}
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil || response.StatusCode != http.StatusOK {
					failures <- fmt.Sprint(response.Status, err)
				}
				count.Add(1)
			}
		})
	}
	return func() (int64, []string) {
		ended.Store(true)
		group.Wait()
		close(failures)
		var lost []string
		for failure := range failures {
			lost = append(lost, failure)
		}
		return count.Load(), lost
	}
}

// TestGracefulStopAnswersFirst: SIGWINCH, the signal to stop a container with,
// lets requests finish that were there before it.
func TestGracefulStopAnswersFirst(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "slow.wsgi", `import time

def application(environ, start_response):
    open(environ["DOCUMENT_ROOT"] + "/../python-eggs/working", "w").close()
    time.sleep(2)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"finished\n"]
`)
	r := a.startServer(t, "--entry-point", filepath.Join(a.Dir, "slow.wsgi"))
	r.run()
	answer := make(chan reply)
	go func() { answer <- r.get("/") }()
	r.await("the request is worked on", func() bool {
		_, err := os.Stat(filepath.Join(r.Root, "python-eggs/working"))
		return err == nil
	})
	if err := r.process.Process.Signal(syscall.SIGWINCH); err != nil {
		t.Fatal(err)
	}
	r.wants(<-answer, 200, "finished")
	select {
	case err := <-r.exited:
		r.exited <- err
		if err != nil {
			t.Errorf("exit: %v", err)
		}
	case <-time.After(limit):
		t.Errorf("not stopped within %v", limit)
	}
}

// TestGracefulKeepsServingWithTheKeyOfAnotherCertificate: one that was renewed
// half. "httpd -t" accepts it, and Apache would end by it.
func TestGracefulKeepsServingWithTheKeyOfAnotherCertificate(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	run(t, "go", "build", "-o", bin, "github.com/wsgictl/wsgictl/cmd/wsgictl")
	a := newApplication(t, "6.1.1")
	a.Program = filepath.Join(bin, "wsgictl")
	r := a.serve(t, "hello.wsgi", "--https-port", strconv.Itoa(httpdtest.FreePort(t)), "--ssl-certificate", filepath.Join(a.Dir, "site"))
	old, err := os.ReadFile(filepath.Join(a.Dir, "site.key"))
	if err != nil {
		t.Fatal(err)
	}
	a.makeCertificate(t)
	a.write(t, "site.key", string(old))
	output, err := exec.Command(filepath.Join(r.Root, "apachectl"), "graceful").CombinedOutput()
	if err == nil || !strings.Contains(string(output), "the key does not belong to the certificate") {
		t.Errorf("error %v\n%s", err, output)
	}
	r.wants(r.get("/"), 200, "Hello from")
	run(t, filepath.Join(r.Root, "apachectl"), "configtest")
	a.makeCertificate(t)
	before := r.pid()
	run(t, filepath.Join(r.Root, "apachectl"), "graceful")
	r.await("the server goes on with the new one", func() bool { return r.answersAnew(before) })
}

// TestStopsWhateverBecameOfTheServerRoot and the folder of the application.
func TestStopsWhateverBecameOfTheServerRoot(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"stop", "graceful-stop"} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			work := filepath.Join(a.Dir, "work")
			if err := os.Mkdir(work, 0o755); err != nil {
				t.Fatal(err)
			}
			r := a.serve(t, "hello.wsgi", "--working-directory", work)
			a.write(t, "../root/httpd.conf", "Nonsense\n")
			if err := os.Remove(work); err != nil {
				t.Fatal(err)
			}
			run(t, filepath.Join(r.Root, "apachectl"), word)
			r.await("it ended", func() bool { return !r.answers("/") })
		})
	}
}

// TestReloadReplacesOneProcessAfterTheOther has a new version of the application loaded
// under load, and then one that cannot be loaded.
func TestReloadReplacesOneProcessAfterTheOther(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	run(t, "go", "build", "-o", bin, "github.com/wsgictl/wsgictl/cmd/wsgictl")
	for _, release := range []string{"4.9.4", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, release)
			a.Program = filepath.Join(bin, "wsgictl")
			r := a.serve(t, "hello.wsgi", "--processes", "2", "--disable-reloading", "--mount-point", "/", "--health", "/")
			stop := r.load(4)
			if out := run(t, filepath.Join(r.Root, "apachectl"), "reload"); !strings.Contains(out, "2 processes replaced in ") {
				t.Errorf("%s\n%s", out, r.log())
			}
			a.write(t, "hello.wsgi", "raise RuntimeError('no basket')\n")
			command := exec.CommandContext(t.Context(), filepath.Join(r.Root, "apachectl"), "reload")
			if out, err := command.CombinedOutput(); err == nil || !strings.Contains(string(out), "RuntimeError: no basket") {
				t.Errorf("%v: %s", err, out)
			}
			if answered, lost := stop(); len(lost) > 0 || answered == 0 {
				t.Errorf("%d requests answered; lost: %q\n%s", answered, lost, r.log())
			}
		})
	}
}
