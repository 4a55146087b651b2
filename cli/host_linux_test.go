package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/system"
)

// A testHost is a folder with files for a command, some of which others have
// named and written.
type testHost struct {
	t      *testing.T
	dir    string
	closed bool // what pipe makes is a file that root alone may read
}

func newTestHost(t *testing.T) *testHost {
	t.Helper()
	needtest.Root(t) // who serves as another account
	if _, err := os.Stat(httpdtest.Python); err != nil {
		needtest.Missing(t, "%v", err)
	}
	dir, err := os.MkdirTemp("", "wh") // short: below it are sockets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // for the user of a server
		t.Fatal(err)
	}
	return &testHost{t: t, dir: dir}
}

func (h *testHost) path(name string) string { return filepath.Join(h.dir, name) }

// write writes a file, in the place of a link and never through one: a
// virtualenv's Python leads to that of the machine.
func (h *testHost) write(name, content string) (path string) {
	h.t.Helper()
	path = h.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// pipe makes a named pipe.
func (h *testHost) pipe(name string) (path string) {
	h.t.Helper()
	path = h.write(name, "")
	if h.closed {
		if err := os.Chmod(path, 0o600); err != nil {
			h.t.Fatal(err)
		}
		return path
	}
	if err := errors.Join(os.Remove(path), unix.Mkfifo(path, 0o600)); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// venvWithPipe gives the words for a virtualenv with a module, in which a file
// is a named pipe.
func (h *testHost) venvWithPipe(name string) []string {
	h.t.Helper()
	venv := h.venvWithModule("venv")
	h.pipe("venv/" + name)
	return []string{venv}
}

// start starts a process of that name and argument, which ends with the test.
func (h *testHost) start(name, argument string) {
	h.t.Helper()
	path := h.path(name)
	if output, err := exec.Command("cp", "/bin/sh", path).CombinedOutput(); err != nil {
		h.t.Fatalf("%v\n%s", err, output)
	}
	process := exec.Command(path, "-c", "read line", argument)
	input, err := process.StdinPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		input.Close()
		_ = process.Wait() // that it read nothing is no fault
	})
}

// venv makes a virtualenv by hand, which takes no time.
func (h *testHost) venv(name string) string {
	h.t.Helper()
	h.write(name+"/pyvenv.cfg", "home = /usr/bin\nversion = "+pythonSeries()+".0\n")
	for _, folder := range []string{"bin", "lib/python" + pythonSeries() + "/site-packages"} {
		if err := os.MkdirAll(h.path(name+"/"+folder), 0o755); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := os.Symlink(httpdtest.Python, h.path(name+"/bin/python")); err != nil {
		h.t.Fatal(err)
	}
	return h.path(name)
}

func (h *testHost) venvWithModule(name string) string {
	h.t.Helper()
	venv := h.venv(name)
	module, err := os.ReadFile(httpdtest.Module(h.t, "6.1.1"))
	if err != nil {
		h.t.Fatal(err)
	}
	series := pythonSeries()
	digits := strings.ReplaceAll(series, ".", "")
	h.write(fmt.Sprintf("%s/lib/python%s/site-packages/mod_wsgi/server/mod_wsgi-py%s.cpython-%s-x86_64-linux-gnu.so", name, series, digits, digits), string(module))
	return venv
}

// yankingIndex serves one release, which was taken back for a hostile reason.
func (h *testHost) yankingIndex() (address string) {
	h.t.Helper()
	page, err := json.Marshal(map[string]any{
		"meta": map[string]string{"api-version": "1.0"}, "name": "mod-wsgi",
		"files": []map[string]any{{
			"filename": "mod_wsgi-5.0.2.tar.gz", "url": "/mod_wsgi-5.0.2.tar.gz", "hashes": map[string]string{}, "yanked": hostileText,
		}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.pypi.simple.v1+json")
		_, _ = w.Write(page)
	}))
	h.t.Cleanup(server.Close)
	return server.URL
}

// source is a tree of mod_wsgi, with a file that the bar names while it is
// compiled, and that the compiler complains about.
func (h *testHost) source() string {
	h.t.Helper()
	h.write("source/src/server/wsgi_version.h", "#define MOD_WSGI_VERSION_STRING \"6.1.1\"\n")
	h.write("source/src/server/mod_wsgi.c", "#include \"httpd.h\"\n#include \"http_config.h\"\nmodule AP_MODULE_DECLARE_DATA wsgi_module = {STANDARD20_MODULE_STUFF};\n")
	h.write("source/src/server/"+hostileText+".c", "#error "+hostile+"\n")
	return h.path("source")
}

// declare gives the words for a declaration of a hostile site.
func (h *testHost) declare(serverName string) []string {
	h.t.Helper()
	script := h.write(hostileText+"/wsgi.py", "application = None\n")
	file := h.write("wsgictl.toml", fmt.Sprintf("venv = %q\n[site.shop]\nserver-name = %s\nscript = %s\n", h.venvWithModule("venv"), inTOML(serverName), inTOML(script)))
	return append([]string{file}, h.apache()...)
}

// inTOML writes a string as TOML has it.
func inTOML(text string) string {
	var quoted strings.Builder
	for _, char := range text {
		fmt.Fprintf(&quoted, "\\u%04X", char)
	}
	return `"` + quoted.String() + `"`
}

// apache are the words for an Apache to which nothing was done.
func (h *testHost) apache() []string {
	h.t.Helper()
	return []string{"--httpd", httpdtest.Program(h.t), "--state", h.path("state")}
}

// applied are those for one with a hostile site, and a hostile file.
func (h *testHost) applied() []string { return h.appliedAs(hostileText, h.path(hostileText)) }

// appliedAs are those for one with that site, which a file declares.
func (h *testHost) appliedAs(site, declaration string) []string {
	h.t.Helper()
	history, err := system.OpenHistory(h.path("state"), "1.0", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	unlock, err := history.Lock(h.t.Context(), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	defer unlock()
	file := system.Want{PathState: store.NewFile([]byte("# "+hostile+"\n"), 0o644)}
	difference, err := system.Compare(map[string]system.Want{h.path(hostileText + ".conf"): file}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	next := system.Generation{
		Number: 1, Time: time.Now(), Command: "apply " + hostileText, Managed: difference.Managed,
		Sites: map[string]system.Site{site: {File: declaration, Daemon: site}},
	}
	nothing := func() error { return nil }
	if err := history.Carry(difference.Changes, next, nothing, nothing); err != nil {
		h.t.Fatal(err)
	}
	return h.apache()
}

// configuration is one with something hostile wherever there can be.
func (h *testHost) configuration() string {
	h.t.Helper()
	site := h.write(hostile+".conf", `<VirtualHost *:80>
ServerName shop.example.org
ServerAlias `+hostile+`
WSGIScriptAlias / "/srv/`+hostile+`.wsgi"
WSGI`+hostile+` x
</VirtualHost>
`)
	return h.write("httpd.conf", fmt.Sprintf(`ServerRoot %q
PidFile "%s"
LoadModule wsgi_module modules/mod_wsgi.so
WSGIDaemonProcess shop thr%s=1
WSGIDaemonProcess %s threads=1
Include "%s"
`, h.dir, h.path(hostile), hostile, strings.ReplaceAll(hostile, "\r", ""), site))
}

// log is an error log with one hostile line.
func (h *testHost) log() string {
	h.t.Helper()
	return h.write("error.log", "[Mon Nov 23 10:00:00.000000 2026] [wsgi:error] [pid 1:tid 2] WSGI0146: "+hostile+"\n")
}

// served are the words for a server root with a hostile locale.
func (h *testHost) served() []string {
	h.t.Helper()
	return []string{
		"--venv", h.venvWithModule("venv"), "--user", "nobody", "--server-root", h.path("root"), "--port", "8765", "--locale", hostileText,
		h.write("wsgi.py", "application = None\n"),
	}
}

// recording is a folder with one hostile request.
func (h *testHost) recording() string {
	h.t.Helper()
	text, err := json.Marshal(map[string]any{
		"version": 1, "time": 1795630000.0, "seconds": 0.1, "method": "GET", "url": "http://localhost/" + hostileText,
		"environ": map[string]string{"HTTP_X": hostileText}, "status": "200 OK", "headers": [][]string{{"X", hostileText}}, "exception": hostileText,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.write("archive/1795630000000000-4711-1.json", string(text))
	h.write("archive/1795630000000000-4711-1.request", hostile)
	h.write("archive/1795630000000000-4711-1.response", hostileText)
	return h.path("archive")
}

// deployed declares a site whose code is deployed, and gives the file.
func (h *testHost) deployed() string {
	h.t.Helper()
	h.t.Cleanup(func() { os.RemoveAll(store.PlaceOfRoot(h.path("shop"))) })
	return h.write("deploy.toml", fmt.Sprintf("[daemon.shop]\nuser = \"games\"\nprocesses = 2\n[site.shop]\nserver-name = \"shop.example.org\"\nscript = \"wsgi.py\"\n[site.shop.deploy]\nfolder = %q\n", h.path("shop")))
}
