package modwsgictl_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// workingApp takes as long as an application does that asks a database.
const workingApp = `import time

def application(environ, start_response):
    time.sleep(0.02)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"answered\n"]
`

// serve starts a server with the application in a daemon process group, and
// with the module.
func serve(t *testing.T, mpm, release, app, more string) *httpdtest.Server {
	t.Helper()
	s := httpdtest.New(t)
	s.MPM = mpm
	script := s.Write("app.wsgi", app)
	s.Write("static/large", strings.Repeat("large ", 10_000_000))
	if err := os.Mkdir(filepath.Join(s.Root, "run"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(s.Root, "run"), 0o777); err != nil { // where the application may write
		t.Fatal(err)
	}
	s.Start(load(t, s) + s.LoadModule(release) + fmt.Sprintf(`Define ROOT %q
WSGIDaemonProcess app processes=2 threads=10
WSGIScriptAlias / %q process-group=app application-group=%%{GLOBAL}
<Directory %q>
Require all granted
</Directory>
`, s.Root, script, s.Root) + more)
	return s
}

// reload has the server read its configuration again, and waits until it has.
func reload(t *testing.T, s *httpdtest.Server) {
	t.Helper()
	resumed := func() int { return strings.Count(s.ErrorLog(), "resuming normal operations") }
	await(t, s, "the server takes signals", func() bool { return resumed() > 0 })
	before := resumed()
	s.Signal(syscall.SIGUSR1)
	await(t, s, "the server has read its configuration again", func() bool { return resumed() > before })
}

func await(t *testing.T, s *httpdtest.Server, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s\n%s", patience, what, lastLines(s))
		}
	}
}

// lastLines are those of the server's error log that tell what happened.
func lastLines(s *httpdtest.Server) string {
	lines := strings.SplitAfter(s.ErrorLog(), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "")
}

// TestReloadLosesNoRequest with each MPM, under load. Half of the clients keep
// their connections, the others take a new one for each request.
func TestReloadLosesNoRequest(t *testing.T) {
	t.Parallel()
	for _, mpm := range []string{"event", "worker", "prefork"} {
		for _, release := range releases {
			t.Run(mpm+" "+release, func(t *testing.T) {
				t.Parallel()
				s := serve(t, mpm, release, workingApp, "WSGICtlDrain 60\n")
				stop := askAllTheTime(s, 16)
				for range httpdtest.Rounds(t, 4) {
					before := len(stop.answered)
					await(t, s, "requests are answered", func() bool { return len(stop.answered) > before+50 || len(stop.lost) > 0 })
					reload(t, s)
				}
				if lost := stop.stop(); len(lost) > 0 {
					t.Errorf("%d answered, %d lost: %q\n%s", len(stop.answered), len(lost), lost, lastLines(s))
				}
			})
		}
	}
}

// clients are those that ask all the time.
type clients struct {
	answered, lost chan string
	over           atomic.Bool
	group          sync.WaitGroup
}

func askAllTheTime(s *httpdtest.Server, n int) *clients {
	c := &clients{answered: make(chan string, 1_000_000), lost: make(chan string, 1_000_000)}
	for i := range n {
		c.group.Go(func() {
			client := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: i%2 == 0}}
			defer client.CloseIdleConnections()
			for !c.over.Load() {
				if err := ask(client, s.URL); err != nil {
					c.lost <- err.Error()
				} else {
					c.answered <- ""
				}
			}
		})
	}
	return c
}

func ask(client *http.Client, url string) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || string(body) != "answered\n" {
		return fmt.Errorf("%s: %.100q", response.Status, body)
	}
	return nil
}

// stop has the clients end what they have begun, and tells what they lost.
func (c *clients) stop() []string {
	c.over.Store(true)
	c.group.Wait()
	close(c.lost)
	var lost []string
	for text := range c.lost {
		lost = append(lost, text)
	}
	return lost
}

// TestDrainTakesSeconds and nothing else, in the server's configuration.
func TestDrainTakesSeconds(t *testing.T) {
	t.Parallel()
	for line, wrong := range map[string]string{
		"WSGICtlDrain 0\n":    "",
		"WSGICtlDrain 3600\n": "",
		"WSGICtlDrain 3601\n": `takes whole seconds from 0 to 3600, not "3601"`,
		"WSGICtlDrain -1\n":   `takes whole seconds from 0 to 3600, not "-1"`,
		"WSGICtlDrain 2s\n":   `takes whole seconds from 0 to 3600, not "2s"`,
		"<VirtualHost *>\nWSGICtlDrain 2\n</VirtualHost>\n": "cannot occur within",
	} {
		s := httpdtest.New(t)
		_, _, reported, err := s.Ask(load(t, s) + line)
		if (err == nil) != (wrong == "") || !strings.Contains(reported, wrong) {
			t.Errorf("%q: %v\n%s", line, err, reported)
		}
	}
}
