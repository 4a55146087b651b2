package express_test

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/monitor"
)

// TestAsksForDigests answers as RFC 7616 says, with the MD5 that Apache speaks.
func TestAsksForDigests(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	digest := func(text string) string { return fmt.Sprintf("%x", md5.Sum([]byte(text))) }
	a.write(t, "digest.wsgi", `import hashlib

def get_realm_hash(environ, user, realm):
    if user == "ada":
        return hashlib.md5(("ada:%s:secret" % realm).encode()).hexdigest()
    return None
`)
	r := a.serve(t, strings.Fields(a.expand("hello.wsgi --auth-type Digest --auth-user-script $APP/digest.wsgi"))...)
	asked := r.get("/x")
	r.wants(asked, 401, "")
	challenge := map[string]string{}
	for _, m := range regexp.MustCompile(`(\w+)="([^"]*)"`).FindAllStringSubmatch(asked.Header.Get("WWW-Authenticate"), -1) {
		challenge[m[1]] = m[2]
	}
	answer := func(password string) func(*http.Request) {
		secret := digest("ada:" + challenge["realm"] + ":" + password)
		response := digest(secret + ":" + challenge["nonce"] + ":00000001:cafe:auth:" + digest("GET:/x"))
		return header("Authorization", fmt.Sprintf(`Digest username="ada", realm="%s", nonce="%s", uri="/x", qop=auth, nc=00000001, cnonce="cafe", algorithm=MD5, response="%s"`,
			challenge["realm"], challenge["nonce"], response))
	}
	r.wants(r.get("/x", answer("secret")), 200, "REMOTE_USER=ada\n")
	r.wants(r.get("/x", answer("wrong")), 401, "")
}

func TestRotatesLogs(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", `def application(environ, start_response):
    for _ in range(300):
        environ["wsgi.errors"].write("x" * 4000 + "\n")
    start_response("200 OK", [])
    return [b"logged"]
`)
	r := a.serve(t, "app.wsgi", "--rotate-logs", "--max-log-size", "1", "--access-log")
	logs := func(name string) []string {
		found, _ := filepath.Glob(filepath.Join(r.Root, name+".*"))
		return found
	}
	r.await("a second log", func() bool {
		r.wants(r.get("/seen"), 200, "logged")
		time.Sleep(time.Second) // the names of the files hold no less
		return len(logs("error_log")) > 1
	})
	r.await("the access log", func() bool {
		files := logs("access_log")
		return len(files) > 0 && strings.Contains(read(t, files[0]), "GET /seen")
	})
	if info, err := os.Stat(logs("error_log")[0]); err != nil || info.Size() < 1<<20 {
		t.Errorf("the first log was left before it was full: %v, %v", info.Size(), err)
	}
}

// TestReportsTelemetry receives what the options have the server report.
func TestReportsTelemetry(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	socket := filepath.Join(filepath.Dir(a.Dir), "t.sock")
	receiver, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer receiver.Close()
	if err := os.Chmod(socket, 0o777); err != nil {
		t.Fatal(err)
	}
	a.write(t, "app.wsgi", "import time\n\ndef application(environ, start_response):\n    time.sleep(1.2)\n    start_response('200 OK', [])\n    return [b'slow']\n")
	r := a.serve(t, "app.wsgi", "--telemetry-service", "unix:"+socket, "--telemetry-interval", "0.5", "--telemetry-options", "+CaptureUserAgent", "--slow-requests", "0.2")
	go r.answers("/slowly")
	if err := receiver.SetReadDeadline(time.Now().Add(limit)); err != nil {
		t.Fatal(err)
	}
	var reports int
	for seen, buffer := false, make([]byte, 1<<16); !seen; reports++ {
		n, err := receiver.Read(buffer)
		if err != nil {
			t.Fatalf("%d reports, none of the slow request: %v\n%s", reports, err, r.log())
		}
		seen = strings.Contains(string(buffer[:n]), "/slowly") && strings.Contains(string(buffer[:n]), "Go-http-client")
	}
}

// TestShowsTelemetry has the monitor say what the application did and what waits for
// it. Root starts the server, and neither the application nor the monitor is root's.
func TestShowsTelemetry(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"6.1.1", "4.9.4"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			showsTelemetry(t, release)
		})
	}
}

func showsTelemetry(t *testing.T, release string) {
	a := newApplication(t, release)
	a.Executable = filepath.Join(filepath.Dir(a.Dir), "wsgictl")
	run(t, "go", "build", "-o", a.Executable, "github.com/wsgictl/wsgictl/cmd/wsgictl")
	port := httpdtest.FreePort(t)
	r := a.serve(t, "hello.wsgi", "--enable-telemetry", "--telemetry-ui-port", fmt.Sprint(port), "--telemetry-interval", "0.5", "--slow-requests", "5")
	r.answers("/")
	ask := func(path string, into any) bool {
		response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/api/v1/%s", port, path))
		if err != nil {
			return false
		}
		defer response.Body.Close()
		if err := json.NewDecoder(response.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
		return true
	}
	var view monitor.View
	r.await("a request that the monitor has seen", func() bool {
		return ask("view", &view) && slices.ContainsFunc(view.Groups, func(g monitor.Group) bool { return g.Totals.Requests > 0 && g.Waiting != nil })
	})
	if view.Damaged+view.Refused > 0 {
		t.Errorf("%+v", view)
	}
	var atHand monitor.AtHand
	r.await("a process that can be asked where its requests are", func() bool { return ask("requests", &atHand) && atHand.Asked > 0 })
}
