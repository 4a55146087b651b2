package modwsgictl_test

import (
	"strings"
	"testing"
)

// fillingApp writes into each pipe that its process has of Apache until it takes no more.
const fillingApp = `import fcntl, os

def application(environ, start_response):
    filled = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            fd = int(name)
            flags = fcntl.fcntl(fd, fcntl.F_GETFL)
            if fd < 3 or not os.readlink("/proc/self/fd/" + name).startswith("pipe:") or flags & os.O_ACCMODE == os.O_RDONLY:
                continue
            fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_NONBLOCK)
            try:
                while True:
                    os.write(fd, b"x" * 4096)
            except BlockingIOError:
                filled += 1
            fcntl.fcntl(fd, fcntl.F_SETFL, flags)
        except OSError:
            pass
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"filled %d" % filled]
`

// TestReloadIsNotHeldUpByAnApplication: the process of a daemon has what Apache's parent
// had open when it was forked.
func TestReloadIsNotHeldUpByAnApplication(t *testing.T) {
	everyMPM(t, func(t *testing.T, mpm string) {
		s := serve(t, mpm, "6.1.1", fillingApp, forever)
		for range 20 { // of both processes
			if _, body := s.Get("", "/"); !strings.HasPrefix(body, "filled ") || body == "filled 0" { // Apache has pipes of its own
				t.Fatal(body)
			}
		}
		reload(t, s)
		s.Get("", "/")
	})
}
