package modwsgi_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/errorlog"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
)

// mishaps are applications and settings that go wrong, and the message that
// each must lead to, whatever release logs it.
var mishaps = []struct {
	id      string
	script  string // the script file; empty: there is none
	options string // of the alias
}{
	{"WSGI0174", "def application(environ, start_response):\n    raise ValueError('no')\n", "process-group=app"},
	{"WSGI0109", "raise ValueError('no')\n", "process-group=app"},
	{"WSGI0105", "def application(:\n", "process-group=app"},
	{"WSGI0107", "import sys\nsys.exit(1)\n", "process-group=app"},
	{"WSGI0089", "app = None\n", "process-group=app"},
	{"WSGI0135", "", "process-group=app"},
	{"WSGI0143", "application = None\n", "process-group=%{GLOBAL}"},
	{"WSGI0151", "application = None\n", "process-group=typo"},
	{"missing-module", "import no_such_module\n", "process-group=app"},
	{"WSGI0144", "def application(environ, start_response):\n    start_response('200 OK', [('X', 'x' * 40000)])\n    return []\n", "process-group=app"},
	{"restricted-output", "def application(environ, start_response):\n    print('no')\n", "process-group=app"},
	{"ascii-locale", "def application(environ, start_response):\n    open('/tmp/' + chr(233))\n", "process-group=app"},
	{"AH00035", "application = None\n", "process-group=app"},
	{"AH00529", "application = None\n", "process-group=app"},
	{"WSGI0146", "import os\ndef application(environ, start_response):\n    os._exit(1)\n", "process-group=app"},
}

// alike are messages that some release logs for a mishap in place of, or
// beside, the one that is wanted: a process that dies resets its connections or
// closes them, before or after it has got the whole request; sys.exit() while a
// script is loaded is also told as one of the script.
var alike = map[string]string{"WSGI0127": "WSGI0146", "WSGI0147": "WSGI0146", "WSGI0175": "WSGI0107"}

func TestRealLogsAreExplained(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		server := httpdtest.New(t)
		var configuration strings.Builder
		fmt.Fprintf(&configuration, "WSGISocketPrefix wsgi\nWSGIRestrictEmbedded On\nWSGIRestrictStdout On\nWSGIDaemonProcess app\n"+
			"<Directory %q>\nRequire all granted\nAllowOverride None\n</Directory>\n<Directory \"%s/AH00529\">\nAllowOverride All\n</Directory>\n", server.Root, server.Root)
		for _, m := range mishaps {
			script := filepath.Join(server.Root, m.id, "app.wsgi")
			if m.script != "" {
				server.Write(m.id+"/app.wsgi", m.script)
			}
			fmt.Fprintf(&configuration, "WSGIScriptAlias /%s %q %s\n", m.id, script, m.options)
		}
		closeToOthers(t, filepath.Join(server.Root, "AH00035"))
		closeToOthers(t, filepath.Join(server.Root, "AH00529"))
		server.Start(load + configuration.String())
		var want []string
		for _, m := range mishaps {
			status, _ := server.Get("", "/"+m.id)
			if told, _ := modwsgi.LookupMessage(m.id); status < 400 || strings.Contains(told.Meaning, "client got ") && !strings.Contains(told.Meaning, fmt.Sprint(status)) {
				t.Errorf("%s: status %d, told as: %s", m.id, status, told.Meaning)
			}
			switch {
			case r.Series() < "6" && m.id == "WSGI0144": // the same text as WSGI0146
			case r.Series() >= "5" && m.id == "ascii-locale": // Python is started in its UTF-8 mode
			default:
				want = append(want, m.id)
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, failures(server.ErrorLog())); diff != "" {
			t.Errorf("mishaps (-) and what the log says (+):\n%s\n%s", diff, server.ErrorLog())
		}
	})
}

// closeToOthers closes a folder to Apache's children, which root's server runs
// as another account.
func closeToOthers(t *testing.T, folder string) {
	t.Helper()
	needtest.Root(t)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
}

// failures are what a log says of requests that failed.
func failures(log string) []string {
	var tally errorlog.Tally
	tally.AddLines([]byte(log))
	var found []string
	for _, e := range tally.Entries() {
		id := e.ID
		if same, ok := alike[id]; ok {
			id = same
		}
		if e.Severity < modwsgi.Degraded {
			found = append(found, id)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestSocketThatApacheMayNotReachIsAMatterOfRights(t *testing.T) {
	eachRelease(t, func(t *testing.T, _ modwsgi.Release, load string) {
		server := httpdtest.New(t)
		closeToOthers(t, filepath.Join(server.Root, "private"))
		script := server.Write("app.wsgi", "application = None\n")
		server.Start(load + fmt.Sprintf("WSGISocketPrefix private/wsgi\nWSGIDaemonProcess app\n<Directory %q>\nRequire all granted\n</Directory>\n"+
			"WSGIScriptAlias / %q process-group=app\n", server.Root, script))
		if status, _ := server.Get("", "/"); status != 503 {
			t.Errorf("status %d", status)
		}
		if diff := cmp.Diff([]string{"socket-denied"}, failures(server.ErrorLog())); diff != "" {
			t.Errorf("%s\n%s", diff, server.ErrorLog())
		}
	})
}

func TestClientThatGoesAwayIsNoFailure(t *testing.T) {
	eachRelease(t, func(t *testing.T, _ modwsgi.Release, load string) {
		server := httpdtest.New(t)
		script := server.Write("app.wsgi", `
def application(environ, start_response):
    write = start_response('200 OK', [('Content-Type', 'text/plain')])
    while True:
        write(b'x' * 65536)
`)
		server.Start(load + fmt.Sprintf("WSGISocketPrefix wsgi\nWSGIDaemonProcess app\n<Directory %q>\nRequire all granted\n</Directory>\n"+
			"WSGIScriptAlias / %q process-group=app\n", server.Root, script))
		connection, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if _, err := io.CopyN(io.Discard, connection, 1<<20); err != nil {
			t.Fatal(err)
		}
		connection.Close()
		log := ""
		for deadline := time.Now().Add(time.Minute); !strings.Contains(log, "OSError: "); log = server.ErrorLog() {
			if time.Now().After(deadline) {
				t.Fatalf("nothing is logged:\n%s", log)
			}
			time.Sleep(10 * time.Millisecond)
		}
		var tally errorlog.Tally
		tally.AddLines([]byte(log))
		for _, e := range tally.Entries() {
			if e.ID != "client-gone" {
				t.Errorf("%s: %s\n%s", e.ID, e.Cause, log)
			}
		}
		if len(tally.Entries()) != 1 {
			t.Errorf("%d messages\n%s", len(tally.Entries()), log)
		}
	})
}
