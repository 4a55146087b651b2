package modwsgi_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
)

var codeInModule = regexp.MustCompile(`WSGI\d{4}: `)

// otherBuilds have messages that the modules under test leave out: builds for
// other Pythons and systems and without embedded mode, or code switched off.
var otherBuilds = []string{"WSGI0061", "WSGI0074", "WSGI0088", "WSGI0140", "WSGI0142", "WSGI0181", "WSGI0182", "WSGI0202"}

func TestEveryCodeOfTheModuleIsExplained(t *testing.T) {
	t.Parallel()
	module, err := os.ReadFile(httpdtest.Module(t, modwsgi.Newest.String()))
	if err != nil {
		t.Fatal(err)
	}
	want, got := slices.Clone(otherBuilds), []string{}
	for _, code := range codeInModule.FindAll(module, -1) {
		want = append(want, strings.TrimSuffix(string(code), ": "))
	}
	for _, m := range modwsgi.Messages() {
		if strings.HasPrefix(m.ID, "WSGI") {
			got = append(got, m.ID)
		}
		if m.Cause == "" || m.Meaning == "" || m.Remedy == "" {
			t.Errorf("%s is not explained", m.ID)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
		t.Errorf("module (-) and table (+):\n%s", diff)
	}
}

// placeholder is what printf replaces, in the forms that mod_wsgi uses.
var placeholder = regexp.MustCompile(`%(\.\*)?l?[sdu]`)

func TestOldTextsAreThoseOfTheModules(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, release := range proven {
		module, err := os.ReadFile(httpdtest.Module(t, release))
		if err != nil {
			t.Fatal(err)
		}
		for text := range strings.SplitSeq(string(module), "\x00") {
			if len(text) > 10 && len(text) < 400 {
				line := "[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 1:tid 1] " + placeholder.ReplaceAllString(text, "1")
				if m, ok := modwsgi.ExplainLine(line); ok {
					known[m.ID] = true
				}
			}
		}
	}
	notOurs := append([]string{"no-encodings", "ascii-locale", "sub-interpreter", "missing-module", // Python's
		"invalid-command", "no-libpython", "undefined-symbol"}, otherBuilds...) // Apache's
	for _, m := range modwsgi.Messages() {
		if len(m.Texts) > 0 && !known[m.ID] && !slices.Contains(notOurs, m.ID) {
			t.Errorf("%s: no module says %q", m.ID, m.Texts)
		}
	}
}

func TestExplainLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ line, id string }{
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] [client 10.0.0.1:50] WSGI0146: Daemon process 'app' closed connection before sending complete response headers.", "WSGI0146"},
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] [client 10.0.0.1:50] Truncated or oversized response headers received from daemon process 'app': /srv/app.wsgi", "WSGI0146"},
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] (11)Resource temporarily unavailable: [client 10.0.0.1:50] mod_wsgi (pid=16): Unable to connect to WSGI daemon process 'app' on '/run/wsgi.1.sock' after multiple attempts as listener backlog limit was exceeded or the socket does not exist.", "WSGI0116"},
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] mod_wsgi (pid=16, process='app', application=''): Could not read/compile source file '/srv/app.wsgi'.", "WSGI0105"},
		{"[Wed Nov 25 18:31:20.159754 2026] [core:notice] [pid 1:tid 1] AH00052: child pid 99 exit signal Segmentation fault (11)", "AH00052"},
		{"Nov 25 18:31:20 host apache2[16]: [wsgi:error] [pid 16:tid 17] mod_wsgi (pid=16): Queue timeout expired for WSGI daemon process 'app'.", "WSGI0084"},
		{"ModuleNotFoundError: No module named 'encodings'", "no-encodings"},
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] [client 10.0.0.1:50] ModuleNotFoundError: No module named 'django'", "missing-module"},
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] [remote 10.0.0.1:50] ImportError: Interpreter change detected - this module can only be loaded into one interpreter per process.", "sub-interpreter"},
		{"Invalid command 'WSGILazyInitialization', perhaps misspelled or defined by a module not included in the server configuration", "invalid-command"},
		{"Nov 25 18:31:20 host apachectl[16]: Name duplicates previous WSGI daemon definition.", "duplicate-daemon"},
		{"httpd: Syntax error on line 1 of /etc/httpd/conf.modules.d/10-wsgi.conf: Cannot load modules/mod_wsgi.so into server: libpython3.11.so.1.0: cannot open shared object file: No such file or directory", "no-libpython"},
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:warn] [pid 16:tid 17] mod_wsgi: Compiled for Python/3.11.2.", "WSGI0099"},
		{"[Wed Nov 25 18:31:20.159754 2026] [core:notice] [pid 1:tid 1] AH00094: Command line: '/usr/sbin/apache2'", ""},
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] hello from the application", ""},
		{"", ""},
		{"[", ""},
		{"WSGI", ""},
	}
	for _, test := range tests {
		m, _ := modwsgi.ExplainLine(test.line)
		if m.ID != test.id {
			t.Errorf("%q: %q, want %q", test.line, m.ID, test.id)
		}
	}
}

func TestLookupMessageTakesCodesInAnyForm(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"WSGI0146", "wsgi0146", "146", "0146"} {
		if m, _ := modwsgi.LookupMessage(id); m.ID != "WSGI0146" {
			t.Errorf("%s: found %q", id, m.ID)
		}
	}
	for _, id := range []string{"", "0", "WSGI9999", "12345"} {
		if m, ok := modwsgi.LookupMessage(id); ok {
			t.Errorf("%s: found %s", id, m.ID)
		}
	}
}

func FuzzExplainLine(f *testing.F) {
	f.Add("[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] (11)Resource temporarily unavailable: [client 10.0.0.1:50] mod_wsgi (pid=16): Unable to connect")
	f.Add("apache2[1]: [wsgi:error] WSGI0146: AH00052: ")
	f.Fuzz(func(t *testing.T, line string) {
		m, ok := modwsgi.ExplainLine(line)
		if ok == (m.ID == "") {
			t.Errorf("found %t, but message %q", ok, m.ID)
		}
	})
}
