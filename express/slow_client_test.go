package express_test

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// readingApp reads what it is sent, before it tells its process.
const readingApp = `import os

def application(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Hello from %d\n" % os.getpid()]
`

// TestSlowClientIsNamedWhereItIsCutOff has a client that never sends the rest of
// its request, of a server without mod_wsgictl whose patience is short.
func TestSlowClientIsNamedWhereItIsCutOff(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", "5.0.2", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, release)
			a.removeBeside(t)
			a.write(t, "app.wsgi", readingApp)
			r := a.serve(t, "app.wsgi", "--threads", "1", "--request-timeout", "1", "--graceful-timeout", "1", "--shutdown-timeout", "1")
			first := r.pid()
			client, err := net.Dial("tcp", net.JoinHostPort(r.Host, strconv.Itoa(r.Port)))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			fmt.Fprint(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nthe first of it")
			const said = "wsgictl: replacing this process, which cuts off 1 of its requests: one took longer than --request-timeout 1."
			r.await("the log says why", func() bool { return strings.Contains(r.log(), said) })
			r.await("another process serves", func() bool { return r.answersAnew(first) })
			if m := modwsgi.Explain([]byte(said), ""); m == nil || m.ID != "request-timeout" || !strings.Contains(m.Cause, "a client slow") {
				t.Errorf("explained as %v", m)
			}
		})
	}
}
