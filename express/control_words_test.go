//go:build linux

package express_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestStopWaitsForTheEnd: a start that follows needs the ports, and does nothing
// while the old Apache runs.
func TestStopWaitsForTheEnd(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"/bin/bash", "/bin/sh"} {
		t.Run(filepath.Base(shell), func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			a.write(t, "hello.wsgi", "import atexit, time\natexit.register(time.sleep, 1)\n"+
				"def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'Hello']\n")
			r := a.prepare(t, "hello.wsgi", "--shell-executable", shell)
			control := filepath.Join(r.Root, "apachectl")
			t.Cleanup(func() { _ = exec.Command(control, "stop").Run() })
			for range 2 {
				run(t, control, "start")
				r.wants(r.get("/"), 200, "Hello")
				text, err := os.ReadFile(filepath.Join(r.Root, "httpd.pid"))
				if err != nil {
					t.Fatal(err)
				}
				pid := strings.TrimSpace(string(text))
				run(t, control, "stop")
				if _, err := os.Readlink("/proc/" + pid + "/exe"); err == nil { // a zombie has none
					t.Errorf("Apache, process %s, still runs", pid)
				}
			}
		})
	}
}

// TestControlStartsWithoutStandardDescriptors, as some supervisors start programs:
// Apache takes the first free descriptor for its own, and loses it when it goes
// to the background.
func TestControlStartsWithoutStandardDescriptors(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"/bin/bash", "/bin/sh"} {
		for _, closed := range []string{"<&-", ">&- 2>&-", "<&- >&- 2>&-"} {
			t.Run(filepath.Base(shell)+closed, func(t *testing.T) {
				t.Parallel()
				r := newApplication(t, "6.1.1").prepare(t, "hello.wsgi", "--shell-executable", shell)
				control := filepath.Join(r.Root, "apachectl")
				t.Cleanup(func() { _ = exec.Command(control, "stop").Run() })
				run(t, "/bin/sh", "-c", `exec "$0" start `+closed, control)
				r.wants(r.get("/"), 200, "Hello from")
			})
		}
	}
}
