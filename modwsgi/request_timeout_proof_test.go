package modwsgi_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// stuckApp never answers, as far as a test is concerned.
const stuckApp = `import time
def application(environ, start_response):
    time.sleep(30)
`

// slack is what a loaded machine may add to the time computed.
const slack = 2500 * time.Millisecond

func TestRequestTimeoutFiresWhenComputed(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		if r.Series() == "4.9" {
			t.Skip("the monitor thread of 4.9.4 is that of 5.0.2, line by line")
		}
		timeout := modwsgi.RequestTimeout{Release: r, Threads: 3, Value: 2}
		server := httpdtest.New(t)
		script := server.Write("stuck.wsgi", stuckApp)
		var conf strings.Builder
		fmt.Fprintf(&conf, "WSGISocketPrefix wsgi\n<Directory %q>\nRequire all granted\n</Directory>\n", server.Root)
		for _, group := range []string{"all", "one"} {
			fmt.Fprintf(&conf, "WSGIDaemonProcess %s threads=%d request-timeout=%d shutdown-timeout=1\n", group, timeout.Threads, timeout.Value)
			fmt.Fprintf(&conf, "WSGIScriptAlias /%s %q process-group=%s application-group=%%{GLOBAL}\n", group, script, group)
		}
		server.Start(load + conf.String())
		for range timeout.Threads {
			go http.Get(server.URL + "/all")
		}
		go http.Get(server.URL + "/one")

		begin := time.Now()
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
