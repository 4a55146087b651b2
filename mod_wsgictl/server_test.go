package modwsgictl_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// serve starts a server with the application in a daemon process group, and
// with the module.
func serve(t *testing.T, mpm, release, app, more string) *httpdtest.Server {
	t.Helper()
	s := httpdtest.New(t)
	s.MPM = mpm
	return serveOn(t, s, release, app, more)
}

func serveOn(t *testing.T, s *httpdtest.Server, release, app, more string) *httpdtest.Server {
	t.Helper()
	script := s.Write("app.wsgi", app)
	s.Write("static/large", strings.Repeat("large ", 10_000_000))
	if err := os.Mkdir(filepath.Join(s.Root, "run"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(s.Root, "run"), 0o777); err != nil { // where the application may write
		t.Fatal(err)
	}
	s.Start(load(t, s) + s.LoadModule(release) + fmt.Sprintf(`Define ROOT %q
WSGIDaemonProcess app processes=2 threads=10 shutdown-timeout=1
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

func dial(t *testing.T, s *httpdtest.Server) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}

func everyMPM(t *testing.T, test func(t *testing.T, mpm string)) {
	t.Parallel()
	for _, mpm := range []string{"event", "worker", "prefork"} {
		t.Run(mpm, func(t *testing.T) {
			t.Parallel()
			test(t, mpm)
		})
	}
}

// wantsNoNames looks whether a file that is kept has a name.
func wantsNoNames(t *testing.T, s *httpdtest.Server) {
	t.Helper()
	if files, err := os.ReadDir(filepath.Join(s.Root, "kept")); err != nil || len(files) > 0 {
		t.Errorf("files with names: %v, %v", files, err)
	}
}

func overHTTP2(t *testing.T) *http.Client {
	t.Helper()
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Timeout: patience, Transport: &http.Transport{Protocols: &protocols}}
	t.Cleanup(client.CloseIdleConnections)
	return client
}
