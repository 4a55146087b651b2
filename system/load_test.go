package system

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Clients ask all the time while a site is added, while the release of mod_wsgi
// changes both ways, and while all is rolled back. Not one request may fail.
func TestNoRequestFailsThroughApplyRollbackAndReleaseChange(t *testing.T) {
	t.Parallel()
	for _, mpm := range []string{"event", "worker", "prefork"} {
		t.Run(mpm, func(t *testing.T) {
			t.Parallel()
			i := newStoppedInstance(t, mpm)
			i.waitsPatiently()
			i.start()
			if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
				t.Fatal(err)
			}
			load := i.load("hello.example.org", 8)
			for n, change := range []func() error{
				func() error { return i.apply(i.declare("6.1.1", "hello", "shop")) },
				func() error { return i.apply(i.declare("4.9.4", "hello", "shop")) },
				func() error { return i.apply(i.declare("4.9.4", "hello")) },
				func() error { return i.apply(i.declare("6.1.1", "hello")) },
				func() error { return i.rollback(1) },
			} {
				if err := change(); err != nil {
					t.Errorf("change %d: %v", n, err)
				}
			}
			load.stop()
			t.Logf("%d requests, the slowest took %v", load.asked.Load(), time.Duration(load.slowest.Load()))
			if load.asked.Load() < 100 {
				t.Errorf("only %d requests", load.asked.Load())
			}
		})
	}
}

// waitsPatiently has a reload wait longer than any request takes, however loaded the machine is.
func (i *instance) waitsPatiently() {
	i.write("conf-enabled/drain.conf", "<IfModule wsgictl_module>\nWSGICtlDrain 60\n</IfModule>\n")
}

// Reloads of others, such as logrotate's, fail none either where mod_wsgictl is loaded.
func TestNoRequestFailsThroughReloadsOfOthers(t *testing.T) {
	t.Parallel()
	for _, mpm := range []string{"event", "worker", "prefork"} {
		t.Run(mpm, func(t *testing.T) {
			t.Parallel()
			i := newStoppedInstance(t, mpm)
			i.waitsPatiently()
			i.start()
			if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
				t.Fatal(err)
			}
			load := i.load("hello.example.org", 8)
			for range 4 {
				i.reloads(load.asked.Load)
			}
			load.stop()
		})
	}
}

// reloads has Apache reload as others have it, and waits until it has answered again.
func (i *instance) reloads(asked func() int64) {
	i.t.Helper()
	resumed, before := i.resumed(), asked()
	if err := i.Graceful(i.t.Context()); err != nil {
		i.t.Fatal(err)
	}
	i.await("Apache has read its configuration and answers", func() bool { return i.resumed() > resumed && asked() > before+20 })
}

// resumed is how often Apache has said that it goes on.
func (i *instance) resumed() int {
	i.t.Helper()
	log, err := os.ReadFile(i.root + "/log/error.log")
	if err != nil {
		i.t.Fatal(err)
	}
	return strings.Count(string(log), "resuming normal operations")
}

func (i *instance) await(what string, done func() bool) {
	i.t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			i.t.Fatalf("not within a minute: %s", what)
		}
	}
}

// A load is clients that ask an instance until they are stopped. Each request
// that fails is an error of the test.
type load struct {
	done           atomic.Bool
	asked, slowest atomic.Int64
	clients        sync.WaitGroup
}

func (i *instance) load(host string, clients int) *load {
	l := &load{}
	for range clients {
		l.clients.Go(func() {
			for !l.done.Load() {
				start := time.Now()
				status, body, err := i.get(host)
				if err != nil || status != http.StatusOK {
					i.t.Errorf("after %v: status %d, error %v, %.80s", time.Since(start), status, err, body)
				}
				l.asked.Add(1)
				for took := int64(time.Since(start)); ; {
					slowest := l.slowest.Load()
					if took <= slowest || l.slowest.CompareAndSwap(slowest, took) {
						break
					}
				}
			}
		})
	}
	return l
}

func (l *load) stop() {
	l.done.Store(true)
	l.clients.Wait()
}

// forAll is a folder that applications can write to.
func (i *instance) forAll() string {
	i.t.Helper()
	folder := filepath.Join(i.apps, "for-all")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		i.t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		i.t.Fatal(err)
	}
	return folder
}

// rollback goes back to a generation.
func (i *instance) rollback(number int) error {
	plan, err := i.PlanRollback(number, "", Refuse)
	if err != nil {
		return err
	}
	return i.carryOut(plan)
}

// A client that has connected and not yet asked, and one whose request takes
// long, were there before the reload: both get their answer.
func TestReloadWaitsForRequestsUnderWay(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.waitsPatiently()
	d := i.declare("6.1.1", "hello")
	working := filepath.Join(i.forAll(), "working")
	i.write(d.Sites[0].Script, fmt.Sprintf(`
import time
def application(environ, start_response):
    if environ['QUERY_STRING']:
        open(%q, 'w').close()
        time.sleep(float(environ['QUERY_STRING']))
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'awake']
`, working))
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	ask := func(query string, before time.Duration) error {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", i.port))
		if err != nil {
			return err
		}
		defer connection.Close()
		fmt.Fprintf(connection, "GET /?%s HTTP/1.1\r\n", query)
		time.Sleep(before)
		fmt.Fprintf(connection, "Host: hello.example.org\r\nConnection: close\r\n\r\n")
		connection.SetDeadline(time.Now().Add(time.Minute))
		answer := make([]byte, 4096)
		n, err := connection.Read(answer)
		if err != nil || !strings.HasPrefix(string(answer[:n]), "HTTP/1.1 200 ") {
			return fmt.Errorf("answer %q, error %w", answer[:n], err)
		}
		return nil
	}
	var clients sync.WaitGroup
	clients.Go(func() {
		if err := ask("4", 0); err != nil {
			t.Errorf("a request that takes 4 s: %v", err)
		}
	})
	clients.Go(func() {
		if err := ask("", 1200*time.Millisecond); err != nil {
			t.Errorf("a client that sends its request slowly: %v", err)
		}
	})
	i.await("the application works on it", func() bool { return isFile(working) })
	if err := i.apply(i.declare("6.1.1", "shop")); err != nil { // hello goes
		t.Error(err)
	}
	clients.Wait()
}
