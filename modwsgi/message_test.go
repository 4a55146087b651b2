package modwsgi_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
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
				text = ownName.ReplaceAllString(placeholder.ReplaceAllString(text, "1"), "")
				for _, systemError := range systemErrors {
					if m := modwsgi.Explain([]byte(text), systemError); m != nil {
						known[m.ID] = true
					}
				}
			}
		}
	}
	notOurs := slices.Concat(otherBuilds, pythons, apaches, completed, ours, wsgictls)
	for _, m := range modwsgi.Messages() {
		if len(m.Texts) > 0 && !known[m.ID] && !slices.Contains(notOurs, m.ID) {
			t.Errorf("%s: no module says %q", m.ID, m.Texts)
		}
	}
}

// completed are messages with a part that the module fills in.
var completed = []string{"upload-timeout", "restricted-output"}

// ours is what the files of "wsgictl telemetry-script" and "ready-script" write, as monitor
// and roll test.
var ours = []string{"slow-request", "max-rss", "not-ready"}

// wsgictls are messages of mod_wsgictl, whose own test holds that it says them.
var wsgictls = []string{
	"spool-broken", "reload-cut-off", "no-reload-sockets", "no-shared-memory", "no-spool", "spool-full", "body-incomplete", "reload-waited", "reload-on",
}

// ownName is what mod_wsgi up to 5 calls itself.
var ownName = regexp.MustCompile(`^mod_wsgi \(pid=[^)]*\): |^mod_wsgi: |^Apache/`)

// systemErrors are those that a message may be told by.
var systemErrors = []string{"", "Permission denied", "No such file or directory", "Resource temporarily unavailable"}

var (
	// pythons are messages of Python itself and of its packages.
	pythons = []string{
		"no-encodings", "ascii-locale", "surrogates", "locale-encoding", "unknown-encoding", "locale-missing",
		"sub-interpreter", "numpy-sub-interpreter", "missing-module",
	}
	// apaches are messages of Apache without a code.
	apaches = []string{
		"invalid-command", "no-libpython", "undefined-symbol", "no-headers",
		"AH00035", "AH00037", "AH00051", "AH00052", "AH00132", "AH00161", "AH00543", "AH00544", "AH01574", "AH01630",
	}
)

func TestCodesOfApacheAreThoseOfHTTPD(t *testing.T) {
	t.Parallel()
	said := httpdtest.Strings(t)
	for _, m := range modwsgi.Messages() {
		elsewhere := m.ID == "AH06665" || m.ID == "AH00485" // on macOS, before 2.4.25
		if strings.HasPrefix(m.ID, "AH") && !elsewhere && !strings.Contains(said, m.ID+": ") {
			t.Errorf("httpd has no %s", m.ID)
		}
	}
	for _, text := range []string{"End of script output before headers", "Premature end of script headers", "Script timed out before returning headers"} {
		if !strings.Contains(said, text) {
			t.Errorf("httpd does not say %q", text)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, systemError, id string }{
		{"WSGI0146: Daemon process 'app' closed connection before sending complete response headers.", "", "WSGI0146"},
		{"WSGI9999: news", "", ""},
		{"AH00094: Command line: '/usr/sbin/apache2'", "", ""},
		{"hello from the application", "", ""},
		{"", "", ""},
		{"WSGI", "", ""},

		// What stands between is any text; what has more letters wins.
		{"Daemon process called 'app' cannot be accessed by this WSGI application: /srv/app.wsgi", "", "WSGI0152"},
		{"Daemon process called 'app' cannot be accessed by this WSGI application as not a member of allowed groups: /srv/app.wsgi", "", "WSGI0149"},
		{"Invalid option to WSGI daemon process definition.", "", "invalid-daemon-option"},
		{"Invalid option to WSGI dispatch script definition.", "", "invalid-script-option"},
		{"Invalid group for WSGI daemon process.", "", "invalid-daemon-value"},

		// 4.x says one thing where there is no group, and where there are others.
		{"No WSGI daemon process called 'typo' has been configured: /srv/app.wsgi", "", "WSGI0151"},
		{"WSGI0150: No WSGI daemon process called 'typo' has been configured.", "", "WSGI0150"},

		// The system's error tells rights from a full queue.
		{"Unable to connect to WSGI daemon process 'app' on '/run/wsgi.1.sock' after multiple attempts as listener backlog limit was exceeded or the socket does not exist.", "Permission denied", "socket-denied"},
		{"WSGI0117: Unable to connect to WSGI daemon process 'app' on '/run/wsgi.1.sock' as user with uid=33.", "Permission denied", "socket-denied"},
		{"Unable to connect to WSGI daemon process 'app' on '/run/wsgi.1.sock' as user with uid=33.", "No such file or directory", "socket-gone"},
		{"WSGI0116: Unable to connect to WSGI daemon process 'app' on '/run/wsgi.1.sock' after multiple attempts", "Resource temporarily unavailable", "backlog-full"},
		{"Unable to connect to WSGI daemon process 'app' on '/run/wsgi.1.sock' after multiple attempts", "Connection refused", "WSGI0116"},
		{"Unable to connect to WSGI daemon process 'app' on '/run/wsgi.1.sock' as user with uid=33.", "Invalid argument", "WSGI0117"},
		{"Unable to connect to WSGI daemon process 'app' on '/run/wsgi.1.sock' after multiple attempts.", "", "WSGI0116"}, // 3.x

		// A client that went away is no failure of the application.
		{"OSError: Apache/mod_wsgi failed to write response data: Broken pipe", "", "client-gone"},
		{"IOError: Apache/mod_wsgi failed to write response data: Broken pipe.", "", "client-gone"}, // a file wrapper
		{"OSError: mod_wsgi failed to write response data: Broken pipe", "", "client-gone"},
		{"OSError: mod_wsgi client connection closed", "", "client-gone"},
		{"OSError: Apache/mod_wsgi client connection closed.", "", "client-gone"},
		{"IOError: client connection closed", "", "client-gone"}, // 3.x
		{"IOError: failed to write data", "", "client-gone"},
		{"django.http.request.UnreadablePostError: Apache/mod_wsgi request data read error: Partial results are valid but processing is incomplete", "", "client-gone"},
		{"Request data read error when proxying data to daemon process: Connection reset by peer.", "", "WSGI0126"},
		{"Request data read error when proxying data to daemon process: The timeout specified has expired.", "", "upload-timeout"},
		{"WSGI0128: Request data read error when proxying data to daemon process: The timeout specified has expired.", "", "upload-timeout"},
		{"BrokenPipeError: [Errno 32] Broken pipe", "", ""}, // that may be a connection to a database

		// Rights, and texts of Apache 2.2, which has no codes.
		{"AH00035: access to /shop denied (filesystem path '/home/shop/app.wsgi') because search permissions are missing on a component of the path", "Permission denied", "AH00035"},
		{"access to /shop denied", "Permission denied", "AH00035"},
		{"AH00132: file permissions deny server access: /srv/shop/logo.png", "Permission denied", "AH00132"},
		{"file permissions deny server access: /srv/shop/logo.png", "Permission denied", "AH00132"},
		{"client denied by server configuration: /srv/shop/app.wsgi", "", "AH01630"},
		{"Client denied by server configuration: '/srv/shop/app.wsgi'.", "", "WSGI0057"}, // mod_wsgi's own
		{"Symbolic link not allowed or link target not accessible: /srv/shop", "", "AH00037"},
		{"child pid 99 exit signal Segmentation fault (11), possible coredump in /tmp", "", "AH00051"},
		{"child pid 99 exit signal Segmentation fault (11)", "", "AH00052"},
		{"server reached MaxClients setting, consider raising the MaxClients setting", "", "AH00161"},
		{"module wsgi_module is already loaded, skipping", "", "AH01574"},
		{"End of script output before headers: app.wsgi", "", "no-headers"},
		{"Premature end of script headers: app.wsgi", "", "no-headers"},
		{"Script timed out before returning headers: app.wsgi", "", "WSGI0145"},
		{"httpd: bad user name shop", "", "AH00543"},
		{"AH00544: apache2: bad group name shop", "", "AH00544"},

		// mod_wsgi before 4.9.
		{"Target WSGI script '/srv/shop/app.wsgi' cannot be loaded as Python module.", "", "WSGI0109"},
		{"Failed to parse WSGI script file '/srv/shop/app.wsgi'.", "", "WSGI0105"},

		// Python, and packages of it.
		{"IOError: sys.stdout access restricted by mod_wsgi", "", "restricted-output"},
		{"OSError: sys.stdin access restricted by mod_wsgi", "", "restricted-output"},
		{"ModuleNotFoundError: No module named 'encodings'", "", "no-encodings"},
		{"ModuleNotFoundError: No module named 'django'", "", "missing-module"},
		{"ImportError: No module named encodings", "", "no-encodings"},
		{"ImportError: Interpreter change detected - this module can only be loaded into one interpreter per process.", "", "sub-interpreter"},
		{"ImportError: PyO3 modules do not yet support subinterpreters, see https://github.com/PyO3/pyo3/issues/576", "", "sub-interpreter"},
		{"ImportError: PyO3 modules may only be initialized once per interpreter process", "", "sub-interpreter"},
		{"ImportError: cannot load module more than once per process", "", "sub-interpreter"},
		{"ImportError: module numpy._core._multiarray_umath does not support loading in subinterpreters", "", "sub-interpreter"},
		{"/srv/venv/lib/python3.11/site-packages/numpy/core/getlimits.py:10: UserWarning: NumPy was imported from a Python sub-interpreter but NumPy does not properly support sub-interpreters.", "", "numpy-sub-interpreter"},
		{"UserWarning: NumPy was imported from a Python sub-interpreter but NumPy does not properly support sub-interpreters.", "", "numpy-sub-interpreter"},
		{"Fatal Python error: Py_Initialize: Unable to get the locale encoding", "", "no-encodings"}, // 3.6 of a wrong home
		{"Fatal Python error: Py_Initialize: unable to load the file system codec", "", "no-encodings"},
		{"Fatal Python error: initfsencoding: Unable to get the locale encoding", "", "no-encodings"}, // 3.7 of a wrong home
		{"Fatal Python error: init_stdio_encoding: failed to get the Python codec name of the stdio encoding", "", "locale-encoding"},
		{"Fatal Python error: Py_Initialize: can't initialize sys standard streams", "", "locale-encoding"},
		{"Fatal Python error: initfsencoding: unable to load the file system codec", "", "no-encodings"},
		{"Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding", "", "no-encodings"},
		{"Fatal Python error: init_sys_streams: can't initialize sys standard streams", "", "locale-encoding"},
		{"LookupError: unknown encoding: ANSI", "", "unknown-encoding"},
		{"UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 1: ordinal not in range(128)", "", "ascii-locale"},
		{"UnicodeDecodeError: 'ascii' codec can't decode byte 0xc3 in position 1: ordinal not in range(128)", "", "ascii-locale"},
		{"UnicodeEncodeError: 'utf-8' codec can't encode characters in position 3-4: surrogates not allowed", "", "surrogates"},
		{"locale.Error: unsupported locale setting", "", "locale-missing"},
	}
	for _, test := range tests {
		var id string
		if m := modwsgi.Explain([]byte(test.text), test.systemError); m != nil {
			id = m.ID
		}
		if id != test.id {
			t.Errorf("%q with %q: %q, want %q", test.text, test.systemError, id, test.id)
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

func FuzzExplain(f *testing.F) {
	for _, m := range modwsgi.Messages() {
		f.Add([]byte(m.ID+": "), "")
		for _, text := range m.Texts {
			f.Add([]byte(text), "Permission denied")
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, systemError string) {
		code := modwsgi.LeadingCode(text)
		if m := modwsgi.Explain(text, systemError); m == nil && code != nil {
			if _, known := modwsgi.LookupMessage(string(code)); known {
				t.Errorf("%s is known, and not found", code)
			}
		}
	})
}
