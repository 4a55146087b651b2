package wsgi_test

import (
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// TestDisagreementsOfRunningServer looks at a real server whose files were
// changed behind its back.
func TestDisagreementsOfRunningServer(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	s.Write("srv/shop/app.wsgi", wsgitest.Script)
	s.Start(s.LoadModule("6.1.1") + strings.ReplaceAll(`
WSGIRestrictEmbedded On
WSGIDaemonProcess shop display-name=%{GROUP}
WSGIDaemonProcess `+longGroup+` display-name=%{GROUP}
WSGIDaemonProcess pages display-name=pages
WSGIScriptAlias / ROOT/srv/shop/app.wsgi process-group=shop
`, "ROOT", s.Root))
	file := s.Root + "/httpd.conf"
	live := lookLive(t, s.PID(), "(wsgi:shop)", "(wsgi:"+longGroup+")", "pages")
	checkCutGroup(t, live)
	modified := map[string]time.Time{file: live.Started.Add(-time.Minute)}
	if diff := cmp.Diff([]wsgi.Disagreement{}, lookAt(t, file).Disagreements(live, modified)); diff != "" {
		t.Errorf("a server that is what its files say (-want +got)\n%s", diff)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("mod_wsgi.so", s.Root+"/linked.so"); err != nil {
		t.Fatal(err)
	}
	s.Write("httpd.conf", strings.ReplaceAll(string(text), "/mod_wsgi.so", "/linked.so"))
	if diff := cmp.Diff([]wsgi.Disagreement{}, lookAt(t, file).Disagreements(live, modified)); diff != "" {
		t.Errorf("a module by a link (-want +got)\n%s", diff)
	}
	checkOtherPython(t, s, live, string(text))
	checkTelemetry(t, s, live, string(text))
	s.Write("httpd.conf", strings.ReplaceAll(string(text), "WSGIDaemonProcess shop", "WSGIDaemonProcess shop2"))
	modified[file] = live.Started.Add(time.Minute)
	var names []string
	for _, d := range lookAt(t, file).Disagreements(live, modified) {
		names = append(names, d.Name)
	}
	if diff := cmp.Diff([]string{"files-newer", "group-not-running", "group-not-declared"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// longGroup is a name of more letters than the path of any httpd.
var longGroup = "www." + strings.Repeat("a", 200) + ".example.org"

// checkCutGroup wants one process with the beginning of the long name.
func checkCutGroup(t *testing.T, live *detect.Live) {
	t.Helper()
	var cut []string
	for _, p := range live.Children {
		if p.Cut {
			cut = append(cut, p.Group)
		}
	}
	if len(cut) != 1 || !strings.HasPrefix(longGroup, cut[0]) {
		t.Errorf("names that are cut off: %q, want the beginning of %s", cut, longGroup)
	}
}

// checkOtherPython gives the running server a Python home, and a module, of
// another Python than the one that it runs.
func checkOtherPython(t *testing.T, s *httpdtest.Server, live *detect.Live, text string) {
	t.Helper()
	s.Write("venv/pyvenv.cfg", "version = 3.99.1\n")
	s.Write("old/lib/python2.7/os.py", "")
	for _, change := range [][3]string{
		{"display-name", "python-home=" + s.Root + "/venv display-name", "its Python home " + s.Root + "/venv is of Python 3.99"},
		{"WSGIRestrictEmbedded", "WSGIPythonHome " + s.Root + "/old\nWSGIRestrictEmbedded", "its Python home " + s.Root + "/old is of Python 2.7"},
		{s.Root + "/mod_wsgi.so", s.Root + "/mod_wsgi-py399.so", s.Root + "/mod_wsgi-py399.so is built for Python 3.99"},
	} {
		file := s.Write("changed.conf", strings.Replace(text, change[0], change[1], 1))
		found := lookAt(t, file).Disagreements(live, nil)
		i := slices.IndexFunc(found, func(d wsgi.Disagreement) bool { return d.Name == "other-python" })
		if i < 0 || !strings.Contains(found[i].Message, change[2]) || !strings.Contains(found[i].Message, "runs Python 3.") {
			t.Errorf("want other-python with %q, have %v", change[2], found)
		}
	}
}

// lookLive waits until a process has each of the display names, its module and its
// Python.
func lookLive(t *testing.T, pid int, names ...string) *detect.Live {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		live, err := detect.LookLive(pid)
		if err != nil {
			t.Fatal(err)
		}
		missing := slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(live.Children, func(p detect.LiveProcess) bool {
				return p.HasDisplayName(name) && p.Module != "" && p.Libpython != ""
			})
		})
		if !missing {
			return live
		}
	}
	t.Fatalf("no process for each of %q, with its module and Python, below %d", names, pid)
	return nil
}

// lookAt reads the configuration of a real server.
func lookAt(t *testing.T, file string) *wsgi.View {
	t.Helper()
	config, err := conf.Read(file, conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}})
	if err != nil {
		t.Fatal(err)
	}
	return wsgi.Look(config, modwsgi.Newest, nil)
}

// checkTelemetry has the processes report to a socket on which somebody listens, and
// then nobody.
func checkTelemetry(t *testing.T, s *httpdtest.Server, live *detect.Live, text string) {
	t.Helper()
	socket := s.Root + "/telemetry.sock"
	s.Write("httpd.conf", text+"WSGITelemetryService unix:"+socket+"\n")
	listener, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{false, true, true} {
		found := slices.ContainsFunc(lookAt(t, s.Root+"/httpd.conf").Disagreements(live, nil), func(d wsgi.Disagreement) bool {
			return d.Name == "telemetry-unheard" && strings.Contains(d.Message, "request_metrics() and process_metrics() give None")
		})
		if found != want {
			t.Errorf("unheard: %v, want %v", found, want)
		}
		if listener != nil {
			listener.Close()
			listener = nil
		} else if err := os.RemoveAll(socket); err != nil {
			t.Fatal(err)
		}
	}
}
