package express_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// countingApp tells how much it was sent, and how.
const countingApp = `def application(environ, start_response):
    length = len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [("%d bytes by %s" % (length, environ["SERVER_PROTOCOL"])).encode()]
`

// withoutLength sends a body whose length is not told.
func withoutLength(size int) func(*http.Request) {
	return func(request *http.Request) {
		request.Method, request.Body = http.MethodPost, io.NopCloser(io.LimitReader(endless{}, int64(size)))
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestHTTP2RefusesABodyThatItWouldLose without mod_wsgictl, which gives it a length.
func TestHTTP2RefusesABodyThatItWouldLose(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"5.0.2", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, release)
			a.removeBeside(t)
			a.write(t, "app.wsgi", countingApp)
			secure := httpdtest.FreePort(t)
			r := a.serve(t, append([]string{"app.wsgi", "--http2", "--chunked-request", "--https-port", strconv.Itoa(secure)}, a.words("--ssl-certificate $APP/site")...)...)
			url := fmt.Sprintf("https://127.0.0.1:%d/", secure)
			r.wants(r.fetch(url, withoutLength(300)), http.StatusLengthRequired, "")
			r.wants(r.fetch(url, post("whole")), http.StatusOK, "5 bytes by HTTP/2.0")
			r.wants(r.get("/", withoutLength(300000)), http.StatusOK, "300000 bytes by HTTP/1.1")
			if status, err := r.h2c(withoutLength(300)); err != nil || status != http.StatusLengthRequired {
				t.Errorf("by h2c: status %d, error %v", status, err)
			}
			if got := r.curl(300000, "--http1.1"); got != "300000 bytes by HTTP/1.1" {
				t.Errorf("by HTTP/1.1: %s", got)
			}
		})
	}
}

func TestBodiesByHTTP2AreTakenFirst(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", countingApp)
	r := a.serve(t, "app.wsgi", "--http2", "--chunked-request")
	for _, size := range []int{300, 300000} {
		if got := r.curl(size, "--http2-prior-knowledge"); got != fmt.Sprintf("%d bytes by HTTP/2.0", size) {
			t.Errorf("by h2c: %s", got)
		}
	}
}

// TestEmbeddedModeGetsBodiesByHTTP2 has no process between Apache and the
// application.
func TestEmbeddedModeGetsBodiesByHTTP2(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", countingApp)
	r := a.serve(t, "app.wsgi", "--http2", "--chunked-request", "--embedded-mode")
	if got := r.curl(300000, "--http2-prior-knowledge"); got != "300000 bytes by HTTP/2.0" {
		t.Errorf("by h2c: %s", got)
	}
}

// h2c asks by HTTP/2 without TLS. curl does not, as it may miss an answer that comes
// before it has sent all.
func (r *running) h2c(change func(*http.Request)) (status int, err error) {
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/", r.Port), nil)
	if err != nil {
		return 0, err
	}
	change(request)
	transport := &http.Transport{Protocols: &http.Protocols{}}
	defer transport.CloseIdleConnections()
	transport.Protocols.SetUnencryptedHTTP2(true)
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.ProtoMajor != 2 {
		return 0, fmt.Errorf("answered by %s", response.Proto)
	}
	return response.StatusCode, nil
}

// curl sends a body by the real curl, which reads it from a pipe.
func (r *running) curl(size int, how string) string {
	r.t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		needtest.Missing(r.t, "no curl to ask with")
	}
	curl := exec.Command("curl", "-s", "--max-time", "30", how, "-T", "-", fmt.Sprintf("http://127.0.0.1:%d/", r.Port))
	curl.Stdin = bytes.NewReader(make([]byte, size))
	output, err := curl.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%v: %s", err, output)
	}
	return string(output)
}
