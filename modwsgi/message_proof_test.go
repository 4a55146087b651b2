package modwsgi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/errorlog"
	"github.com/wsgictl/wsgictl/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
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
	{"WSGI0146", "import os\ndef application(environ, start_response):\n    os._exit(1)\n", "process-group=app"},
}

// alike are messages that some release logs for a mishap in place of, or
// beside, the one that is wanted: 4.x and 5.x have one text for a missing
// group, whether or not there are others; a process that dies resets its
// connections or closes them; sys.exit() while a script is loaded is also told
// as one of the script.
var alike = map[string]string{"WSGI0150": "WSGI0151", "WSGI0147": "WSGI0146", "WSGI0175": "WSGI0107"}

func TestRealLogsAreExplained(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		server := httpdtest.New(t)
		var conf strings.Builder
		fmt.Fprintf(&conf, "WSGISocketPrefix wsgi\nWSGIRestrictEmbedded On\nWSGIDaemonProcess app\n<Directory %q>\nRequire all granted\n</Directory>\n", server.Root)
		for _, m := range mishaps {
			script := server.Root + "/" + m.id + ".wsgi"
			if m.script != "" {
				server.Write(m.id+".wsgi", m.script)
			}
			fmt.Fprintf(&conf, "WSGIScriptAlias /%s %q %s\n", m.id, script, m.options)
		}
		server.Start(load + conf.String())
		var want []string
		for _, m := range mishaps {
			if status, _ := server.Get("", "/"+m.id); status < 400 {
				t.Errorf("%s: status %d", m.id, status)
			}
			if r.Series() < "6" && m.id == "WSGI0144" {
				continue // the same text as WSGI0146
			}
			want = append(want, m.id)
		}
		var tally errorlog.Tally
		tally.AddLines([]byte(server.ErrorLog()))
		var got []string
		for _, e := range tally.Entries() {
			id := e.ID
			if same, ok := alike[id]; ok {
				id = same
			}
			if e.Severity < modwsgi.Degraded {
				got = append(got, id)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Errorf("mishaps (-) and what the log says (+):\n%s\n%s", diff, server.ErrorLog())
		}
	})
}
