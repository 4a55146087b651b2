package modwsgi_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// stuckApp answers only below /ready, as far as a test is concerned.
const stuckApp = `import time
def application(environ, start_response):
    if environ['PATH_INFO'] != '/ready':
        time.sleep(60)
    start_response('200 OK', [('Content-Length', '0')])
    return []
`

// slack is what a loaded machine may add to the time computed. It is short
// enough that neither kind of release could pass for the other: one stuck
// thread of sixteen fires after 3.8 s there, and after 16 s here.
const slack = 10 * time.Second

func TestRequestTimeoutFiresWhenComputed(t *testing.T) {
	t.Parallel()
	// The monitor thread of 4.9.4 is that of 5.0.2, line by line.
	forReleases(t, []string{"5.0.2", "6.1.1"}, func(t *testing.T, r modwsgi.Release, load string) {
		timeout := modwsgi.RequestTimeout{Release: r, Threads: 16, Value: 1}
		server := httpdtest.New(t)
		script := server.Write("stuck.wsgi", stuckApp)
		var configuration strings.Builder
		fmt.Fprintf(&configuration, "WSGISocketPrefix wsgi\n<Directory %q>\nRequire all granted\n</Directory>\n", server.Root)
		for _, group := range []string{"all", "one"} {
			fmt.Fprintf(&configuration, "WSGIDaemonProcess %s threads=%d request-timeout=%d shutdown-timeout=1\n", group, timeout.Threads, timeout.Value)
			fmt.Fprintf(&configuration, "WSGIScriptAlias /%s %q process-group=%s application-group=%%{GLOBAL}\n", group, script, group)
		}
		server.Start(load + configuration.String())
		for _, group := range []string{"all", "one"} {
			server.Get("", "/"+group+"/ready")
		}
		begin := time.Now()
		for range timeout.Threads {
			go http.Get(server.URL + "/all")
		}
		go http.Get(server.URL + "/one")

		for group, want := range map[string]time.Duration{"all": timeout.Recovery(), "one": timeout.FiresAfter(1)} {
			late := want + modwsgi.MonitorPeriod + slack
			got := awaitRestart(t, server, group, begin.Add(late)).Sub(begin)
			if got < want-100*time.Millisecond || got > late {
				t.Errorf("group %s: fired after %v, want %v to %v", group, got, want, late)
			}
		}
	})
}

// awaitRestart waits until the log tells that request-timeout ends a process
// of a group, and gives the time that the log names.
func awaitRestart(t *testing.T, server *httpdtest.Server, group string, deadline time.Time) time.Time {
	t.Helper()
	restart := regexp.MustCompile(`(?m)^\[([^\]]*)\].* request time limit exceeded.*'` + group + `'`)
	for {
		if match := restart.FindStringSubmatch(server.ErrorLog()); match != nil {
			at, err := time.ParseInLocation("Mon Jan 02 15:04:05.000000 2006", match[1], time.Local)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		if time.Now().After(deadline) {
			t.Fatalf("group %s: not ended by %v\n%s", group, deadline, server.ErrorLog())
		}
		time.Sleep(50 * time.Millisecond)
	}
}
