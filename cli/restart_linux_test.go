package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/store"
)

// A restarted is a server with a group of one process and one of two.
type restarted struct {
	*httpdtest.Server
	t *testing.T
}

func newRestarted(t *testing.T) restarted {
	t.Helper()
	s := restarted{httpdtest.New(t), t}
	s.write("")
	ready := s.Write("ready.py", s.ok("ready-script", s.Root+"/app.wsgi", "--health", s.URL+"/healthz"))
	s.Start(s.LoadModule("6.1.1") + fmt.Sprintf(`WSGIRestrictEmbedded On
WSGIScriptReloading Off
WSGIDaemonProcess shop processes=2 threads=2 display-name=%%{GROUP}
WSGIDaemonProcess alone threads=2 display-name=%%{GROUP}
WSGIDaemonProcess nameless processes=2 threads=2
WSGIDaemonProcess silent processes=2 threads=2 display-name=%%{GROUP}
WSGIScriptAlias /alone %[1]q process-group=alone application-group=%%{GLOBAL}
WSGIImportScript %[2]q process-group=alone application-group=%%{GLOBAL}
WSGIScriptAlias /silent %[1]q process-group=silent application-group=%%{GLOBAL}
WSGIScriptAlias / %[1]q process-group=shop application-group=%%{GLOBAL}
WSGIImportScript %[2]q process-group=shop application-group=%%{GLOBAL}
<Directory %[3]q>
Require all granted
</Directory>
`, s.Root+"/app.wsgi", ready, s.Root))
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(20 * time.Millisecond) {
		if status, _ := s.Get("", "/"); status == http.StatusOK {
			return s
		}
	}
	t.Fatal(s.ErrorLog())
	return s
}

// write writes the application, which begins with a statement.
func (s restarted) write(statement string) {
	s.Write("app.wsgi", statement+`
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
`)
}

// run runs wsgictl, and gives its exit code and what it wrote.
func (s restarted) run(words ...string) (code int, out, messages string) {
	var stdout, stderr bytes.Buffer
	code = run(s.t.Context(), words, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func (s restarted) ok(words ...string) string {
	s.t.Helper()
	code, out, messages := s.run(words...)
	if code != 0 {
		s.t.Fatalf("%q: exit %d: %s%s", words, code, out, messages)
	}
	return out
}

// TestRestartSaysWhatItDid restarts a group, for people and for programs, and leaves no
// store behind.
func TestRestartSaysWhatItDid(t *testing.T) {
	t.Parallel()
	s := newRestarted(t)
	config := s.Root + "/httpd.conf"
	if out := s.ok("restart", "shop", "--config", config); !strings.HasPrefix(out, "shop: 2 processes replaced in ") {
		t.Error(out)
	}
	var report restartReport
	if err := json.Unmarshal([]byte(s.ok("restart", "shop", "--config", config, "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if g := report.Groups; report.Version != 1 || len(g) != 1 || g[0].Name != "shop" || g[0].Replaced != 2 || g[0].Processes != 2 || g[0].Seconds <= 0 || g[0].Error != "" {
		t.Errorf("%+v", report)
	}
	for _, place := range store.Places(s.Root) {
		if _, err := os.Lstat(place); err == nil {
			t.Errorf("%s is left behind", place)
		}
	}
}

// TestRestartShowsTheTraceback has a new version that does not load.
func TestRestartShowsTheTraceback(t *testing.T) {
	t.Parallel()
	s := newRestarted(t)
	s.write(`raise RuntimeError("no table \033[2J basket")`)
	code, out, messages := s.run("restart", "shop", "--config", s.Root+"/httpd.conf")
	if code != exitFindings || out != "" {
		t.Errorf("exit %d: %q", code, out)
	}
	for _, want := range []string{
		s.Root + "/error_log says of it:\n", "RuntimeError: no table", "restart shop: the new process ", "says that its application does not work; 0 processes replaced before it, and the others serve on",
	} {
		if !strings.Contains(messages, want) {
			t.Errorf("%q is missing in:\n%s", want, messages)
		}
	}
	code, out, _ = s.run("restart", "shop", "--config", s.Root+"/httpd.conf", "--json")
	var report restartReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != exitFindings || report.Groups[0].Error == "" || len(report.Groups[0].Log) == 0 {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
}

// TestRestartSaysWhatAGroupLacks names groups that cannot be restarted.
func TestRestartSaysWhatAGroupLacks(t *testing.T) {
	t.Parallel()
	s := newRestarted(t)
	config := s.Root + "/httpd.conf"
	for _, test := range []struct {
		words []string
		code  int
		want  string
	}{
		{[]string{"alone"}, exitFindings, "group alone: it has one process, so that requests wait while a new one loads the application; give WSGIDaemonProcess processes=2 or more"},
		{[]string{"nameless"}, exitFindings, "group nameless: its processes cannot be told from others, since WSGIDaemonProcess has no display-name=%{GROUP}; write it there, and reload Apache"},
		{[]string{"silent"}, exitFindings, "mkdir -p /etc/wsgictl\n  wsgictl ready-script " + s.Root + "/app.wsgi > /etc/wsgictl/silent-ready.py\n"},
		{nil, exitFindings, "nothing was restarted; name the groups that can be"},
		{[]string{"none"}, exitUsage, "none: no daemon process group has this name, and no host whose application runs in one; there are the groups shop, alone, nameless, silent"},
		{[]string{"shop", "--parallel", "2"}, exitFindings, "2 processes at a time are all that there are"},
		{[]string{"shop", "--parallel", "0"}, exitUsage, "--parallel 0: want 1 or more"},
		{[]string{"shop", "--timeout", "0"}, exitUsage, "--timeout 0: want a second or more"},
	} {
		code, out, messages := s.run(append([]string{"restart", "--config", config}, test.words...)...)
		if code != test.code || out != "" || !strings.Contains(messages, test.want) {
			t.Errorf("%q: exit %d, want %d: %s%s", test.words, code, test.code, out, messages)
		}
	}
	pid := filepath.Join(s.Root, "httpd.pid")
	if err := os.Rename(pid, pid+".away"); err != nil {
		t.Fatal(err)
	}
	if code, _, messages := s.run("restart", "--config", config); code != exitFindings || !strings.Contains(messages, "find the running Apache: there is no pid file") {
		t.Errorf("exit %d: %s", code, messages)
	}
}

// TestRootRestartsNothingThatOthersDescribe has a configuration, or a pid file, that another
// account can change: it would say which processes are to end.
func TestRootRestartsNothingThatOthersDescribe(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	const games = 5 // which is no account of a person
	s := newRestarted(t)
	config := s.Root + "/httpd.conf"
	for _, path := range []string{config, s.Root + "/httpd.pid"} {
		if err := os.Chown(path, games, games); err != nil {
			t.Fatal(err)
		}
		code, out, messages := s.run("restart", "shop", "--config", config)
		if code != exitFindings || out != "" || !strings.Contains(messages, path+": it belongs to games") || !strings.Contains(messages, "root signals no process that others name") {
			t.Errorf("%s: exit %d: %s%s", path, code, out, messages)
		}
		s.ok("restart", "shop", "--config", config, "--trust", "games")
		if err := os.Chown(path, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadyScriptRefusesWhatCannotBeMeant looks at the options of the file.
func TestReadyScriptRefusesWhatCannotBeMeant(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		words []string
		want  string
	}{
		{[]string{"/srv/wsgi.py", "--health", "/healthz"}, `health "/healthz": want an address such as https://shop.example.org/healthz`},
		{[]string{"/srv/wsgi.py", "--health", "https://me:secret@shop.example.org/"}, "want an address"},
		{[]string{"/srv/wsgi.py", "--health", "https://shop.example.org/app/x", "--mount-point", "/ap"}, "not below the mount point /ap"},
		{[]string{"/srv/wsgi.py", "--mount-point", "/app"}, "a mount point is for the address of a health check alone"},
		{nil, "expected \"<script> ...\""},
	} {
		var out, messages bytes.Buffer
		if code := run(t.Context(), append([]string{"ready-script"}, test.words...), &out, &messages); code != exitUsage || !strings.Contains(messages.String(), test.want) || strings.Contains(messages.String(), "secret") {
			t.Errorf("%q: exit %d: %s", test.words, code, messages.String())
		}
	}
}
