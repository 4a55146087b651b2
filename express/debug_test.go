package express_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// TestReloadsWhatChanged changes a module that is imported late and a template
// that is read late, and wants the very next request to see each.
func TestReloadsWhatChanged(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, release)
			a.write(t, "late.py", "VALUE = 'first'\n")
			a.write(t, "page.html", "page one")
			a.write(t, "app.wsgi", `import os
def application(environ, start_response):
    import late
    with open("page.html") as page:
        body = "%d %s %s" % (os.getpid(), late.VALUE, page.read())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body.encode()]
`)
			r := a.serve(t, "app.wsgi", "--reload-on-changes")
			r.wants(r.get("/"), 200, "first page one")
			before := r.get("/").Body
			if again := r.get("/").Body; again != before {
				t.Errorf("restarted without a change: %q, then %q", before, again)
			}
			a.write(t, "late.py", "VALUE = 'second'\n")
			r.wants(r.get("/"), 200, "second page one")
			a.write(t, "page.html", "page two")
			r.wants(r.get("/"), 200, "second page two")
			pid, _, _ := strings.Cut(r.get("/").Body, " ")
			a.write(t, "page.html", "page three")
			changed := time.Now()
			r.await("the process ends by itself", func() bool { return !alive(pid) })
			if took := time.Since(changed); took > time.Second {
				t.Logf("reload without a request took %v", took) // a loaded machine may be slow
			}
		})
	}
}

// TestRecoversFromWhatCannotBeLoaded where two modules are broken and fixed
// one after the other: the next request sees both, and no module of before.
func TestRecoversFromWhatCannotBeLoaded(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "models.py", "VALUE = 'old'\n")
	a.write(t, "views.py", "def broken(:\n")
	a.write(t, "app.wsgi", `import models, views
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [models.VALUE.encode() + views.VALUE]
`)
	r := a.serve(t, "app.wsgi", "--reload-on-changes")
	r.wants(r.get("/"), 500, "The application could not be loaded")
	if log := r.log(); !strings.Contains(log, "views.py\", line 1") || !strings.Contains(log, "SyntaxError") {
		t.Errorf("the log does not tell why:\n%s", log)
	}
	a.write(t, "models.py", "VALUE = 'new'\n")
	a.write(t, "views.py", "VALUE = b' views'\n")
	r.wants(r.get("/"), 200, "new views")

	a.write(t, "views.py", "raise SystemExit('DATABASE_URL is not set')\n")
	r.wants(r.get("/"), 500, "The application could not be loaded")
	if err := os.Remove(filepath.Join(a.Dir, "views.py")); err != nil {
		t.Fatal(err)
	}
	r.await("the file is missed", func() bool { return strings.Contains(r.log(), "No module named 'views'") })
	a.write(t, "views.py", "VALUE = b' again'\n") // which no process could watch
	r.await("a new module is found", func() bool {
		body, ok := r.tryGet("/")
		return ok && body == "new again"
	})
}

// TestSeesWhatIsSavedWhileItLoads and settings in a file without an extension.
func TestSeesWhatIsSavedWhileItLoads(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "early.py", "VALUE = 'old'\n")
	settings := a.write(t, ".env", "A=1")
	a.write(t, "app.wsgi", `import early, os, time
print("early is imported", flush=True)
while not os.path.exists("go"):
    time.sleep(0.01)
with open(".env") as file:
    SETTINGS = file.read()
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [("%s %s" % (early.VALUE, SETTINGS)).encode()]
`)
	r := a.serve(t, "app.wsgi", "--reload-on-changes")
	r.await("early is imported", func() bool { return strings.Contains(r.log(), "early is imported") })
	a.write(t, "early.py", "VALUE = 'later'\n")
	a.write(t, "go", "")
	r.wants(r.get("/"), 200, "later A=1")

	// As an editor saves: the old file goes, the new one comes.
	if err := os.WriteFile(settings+"~", []byte("A=22"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(settings+"~", settings); err != nil {
		t.Fatal(err)
	}
	r.wants(r.get("/"), 200, "later A=22")
}

func TestReloadsEntryPoint(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	r := a.serve(t, "other.wsgi")
	r.wants(r.get("/"), 200, "other")
	a.write(t, "other.wsgi", strings.Replace(files["other.wsgi"], "other", "newer", 1))
	r.wants(r.get("/"), 200, "newer")
}

func alive(pid string) bool {
	status, err := os.ReadFile("/proc/" + pid + "/stat")
	return err == nil && !strings.Contains(string(status), ") Z ")
}

const failing = `def application(environ, start_response):
    body = environ["wsgi.input"].read(4)
    if environ["PATH_INFO"] == "/fail":
        raise ValueError("on purpose")
    start_response("201 Created", [("Content-Type", "text/plain"), ("X-Made", "yes")])
    return [b"got ", body]
`

func TestRecordsRequests(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", failing)
	r := a.serve(t, "app.wsgi", "--enable-recorder")
	r.wants(r.get("/made?x=1", post("first body")), 201, "got firs")
	r.wants(r.get("/fail"), 500, "")
	var recordings []map[string]any
	r.await("two recordings", func() bool {
		names, _ := filepath.Glob(filepath.Join(r.Root, "archive", "*.json"))
		if len(names) != 2 {
			return false
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var facts map[string]any
			if err := json.Unmarshal(text, &facts); err != nil {
				t.Fatal(err)
			}
			facts["body"] = read(t, strings.TrimSuffix(name, ".json")+".request")
			facts["answer"] = read(t, strings.TrimSuffix(name, ".json")+".response")
			recordings = append(recordings, facts)
		}
		return true
	})
	made, failed := recordings[0], recordings[1]
	if made["status"] != "201 Created" || made["method"] != "POST" || !strings.HasSuffix(made["url"].(string), "/made?x=1") ||
		made["body"] != "first body" || made["answer"] != "got firs" {
		t.Errorf("recording %v", made)
	}
	if exception, _ := failed["exception"].(string); !strings.Contains(exception, "ValueError: on purpose") {
		t.Errorf("recording of the failure %v", failed)
	}
	if info, err := os.Stat(filepath.Join(r.Root, "archive")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("recordings can be read by others: %v", err)
	}
}

func post(body string) func(*http.Request) {
	return func(request *http.Request) {
		request.Method = http.MethodPost
		request.ContentLength = int64(len(body))
		request.Body = http.NoBody
		if body != "" {
			request.Body = readCloser{strings.NewReader(body)}
		}
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestProfilesRequests(t *testing.T) {
	t.Parallel()
	for _, mpm := range []string{"prefork", "worker"} {
		t.Run(mpm, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			a.write(t, "app.wsgi", "def busy():\n    return sum(range(1000))\n\ndef application(environ, start_response):\n    busy()\n    start_response('200 OK', [])\n    return [b'x']\n")
			r := a.serve(t, "app.wsgi", "--enable-profiler", "--server-mpm", mpm)
			r.wants(r.get("/"), 200, "x")
			r.wants(r.get("/"), 200, "x")
			r.stop()
			profiles, _ := filepath.Glob(filepath.Join(r.Root, "pstats", "*.pstats"))
			if len(profiles) != 1 {
				t.Fatalf("%d profiles\n%s", len(profiles), r.log())
			}
			show := run(t, httpdtest.Python, "-c", "import pstats, sys; pstats.Stats(sys.argv[1]).print_stats('busy')", profiles[0])
			if !strings.Contains(show, "        2    ") || !strings.Contains(show, "(busy)") {
				t.Errorf("profile without the two calls:\n%s", show)
			}
		})
	}
}

func TestReportsCoverage(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	// A stand-in with coverage's interface, which is not on every machine; it
	// traces for real.
	a.write(t, "coverage.py", `import os, sys, threading

class Coverage:
    def __init__(self, data_file):
        open(data_file, "w").close()
        self.lines = set()
        self.options = {}
        self.get_option, self.set_option = self.options.get, self.options.__setitem__

    def trace(self, frame, event, argument):
        self.lines.add("%s:%d" % (os.path.basename(frame.f_code.co_filename), frame.f_lineno))
        return self.trace

    def start(self):
        sys.settrace(self.trace)
        threading.settrace(self.trace)

    def stop(self):
        sys.settrace(None)

    def html_report(self, directory):
        with open(os.path.join(directory, "index.html"), "w") as page:
            page.write("\n".join(sorted(self.lines)) + str(self.options))
`)
	a.write(t, "early.py", "VALUE = 1\n")
	a.write(t, "app.wsgi", "import early, late\ndef application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'x']\n")
	for _, mpm := range []string{"prefork", "worker"} {
		r := a.serve(t, "app.wsgi", "--enable-coverage", "--enable-profiler", "--server-mpm", mpm)
		r.wants(r.get("/"), 500, "")
		late := a.write(t, "late.py", "VALUE = 2\n")
		r.wants(r.get("/"), 200, "x")
		r.stop()
		report := read(t, filepath.Join(r.Root, "htmlcov", "index.html"))
		for _, want := range []string{"app.wsgi:4", "early.py:1", "late.py:1", "{'run:omit': ['" + r.Root + "/python/wsgictl_express/*', '" + r.Root + "/handler.wsgi']}"} {
			if !strings.Contains(report, want) {
				t.Errorf("%s: no %s in the report:\n%s", mpm, want, report)
			}
		}
		if err := os.Remove(late); err != nil {
			t.Fatal(err)
		}
	}
}
