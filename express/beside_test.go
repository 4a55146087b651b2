package express_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSlowClientsHoldNoThread: more of them than the application has threads have sent
// half of a large body, with a length and in chunks, and others are answered.
func TestSlowClientsHoldNoThread(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "size.wsgi", `def application(environ, start_response):
    size = len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"read %d" % size]
`)
	r := a.serve(t, "size.wsgi", "--threads", "1", "--chunked-request")
	half := strings.Repeat("x", 200_000)
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(half), half)
	requests := [][2]string{
		{fmt.Sprintf("Content-Length: %d\r\n\r\n%s", 2*len(half), half), half},
		{"Transfer-Encoding: chunked\r\n\r\n" + chunk, chunk + "0\r\n\r\n"},
	}
	var slow []net.Conn
	for n := range 6 {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", r.Port))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		fmt.Fprintf(connection, "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s", requests[n%2][0])
		slow = append(slow, connection)
	}
	for range 5 {
		r.wants(r.get("/"), 200, "read 0")
	}
	for n, connection := range slow {
		io.WriteString(connection, requests[n%2][1])
		connection.SetDeadline(time.Now().Add(limit))
		answer, err := io.ReadAll(connection)
		if err != nil || !strings.Contains(string(answer), "read 400000") {
			t.Errorf("a slow client: %q, %v\n%s", answer, err, r.log())
		}
	}
	info, err := os.Stat(filepath.Join(r.Root, "spool"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("the folder for what clients send: %v, %v", info, err)
	}
	if os.Geteuid() == 0 && info.Sys().(*syscall.Stat_t).Uid == 0 {
		t.Error("it is root's, so that Apache's processes cannot use it")
	}
}

// removeBeside leaves the virtualenv with a mod_wsgi as pip installs it.
func (a *application) removeBeside(t *testing.T) {
	t.Helper()
	modules, err := filepath.Glob(filepath.Join(a.Venv, "lib/python3*/site-packages/mod_wsgi/server/mod_wsgictl-*.so"))
	if err != nil || len(modules) != 1 {
		t.Fatal(modules, err)
	}
	if err := os.Remove(modules[0]); err != nil {
		t.Fatal(err)
	}
}

// TestServesWithoutTheModuleBeside, and says what is lost.
func TestServesWithoutTheModuleBeside(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.removeBeside(t)
	r := a.serve(t, "hello.wsgi")
	r.wants(r.get("/"), 200, "Hello from")
	if summary := fmt.Sprint(r.Setup.Summary); !strings.Contains(summary, "without mod_wsgictl, a client that is slow") {
		t.Errorf("nothing is said of it: %s", summary)
	}
	for _, name := range []string{"spool", "httpd.conf"} {
		text, err := os.ReadFile(filepath.Join(r.Root, name))
		if name == "spool" && !os.IsNotExist(err) || strings.Contains(string(text), "wsgictl_module") {
			t.Errorf("%s has something of it", name)
		}
	}
}
