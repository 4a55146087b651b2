package intent_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// What the file leaves out, the host and the application fill in; what it says
// stays.
func TestCompleteLeavesNothingToBeLookedUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, venv := range []string{"api", "shop"} {
		makeVirtualenv(t, filepath.Join(dir, venv), "3.11.2")
	}
	file, err := intent.Parse("wsgictl.toml", []byte(`
[daemon.api]
python-home = "`+dir+`/api"
home = "/srv/api"

[site.shop]
server-name = "shop.example.org"
script = "/srv/shop/wsgi.py"

[site.api]
server-name = "api.example.org"
script = "/srv/api/wsgi.py"
log-directory = "/srv/api/log"
`))
	if err != nil {
		t.Fatal(err)
	}
	facts := intent.Facts{
		Host:    detect.Host{System: detect.System{Locales: []string{"C.utf8"}}},
		Release: modwsgi.Newest, Python: "3.11", PythonHome: dir + "/shop", LogDirectory: "/var/log/apache2",
	}
	declaration, err := intent.Declared{File: file, Path: "/srv/wsgictl.toml", Trust: []string{"alice"}}.Complete(facts)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{declaration.File + " trusts " + strings.Join(declaration.Trust, " ")}
	for _, site := range declaration.Sites {
		got = append(got, site.Name+" by "+site.Daemon+" logs to "+site.LogDirectory)
	}
	for _, daemon := range declaration.Daemons {
		got = append(got, daemon.Name+" of "+daemon.Settings.Value("python-home")+" in "+daemon.Settings.Value("home")+" with "+daemon.Locale)
	}
	want := []string{
		"/srv/wsgictl.toml trusts alice",
		"api by api logs to /srv/api/log", "shop by shop logs to /var/log/apache2",
		"api of " + dir + "/api in /srv/api with C.UTF-8", "shop of " + dir + "/shop in /srv/shop with C.UTF-8",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestCompleteHoldsThatOneModWSGICanServeAll asks for another release, and for
// virtualenvs of more than one Python.
func TestCompleteHoldsThatOneModWSGICanServeAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeVirtualenv(t, dir+"/old", "3.9.2")
	makeVirtualenv(t, dir+"/new", "3.11.2")
	for text, want := range map[string]string{
		"mod-wsgi = \"4.9.4\"":                            "mod-wsgi 4.9.4 is declared, and " + dir + "/new has 6.1.1: install it with wsgictl install-module --release 4.9.4",
		"[daemon.api]\npython-home = \"" + dir + "/old\"": "daemon api: the virtualenv " + dir + "/old has Python 3.9, and Apache's one mod_wsgi is for Python 3.11: make it with that Python",
		"[daemon.api]\npython-home = \"" + dir + "/new\"": "",
	} {
		file, err := intent.Parse("wsgictl.toml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = intent.Declared{File: file}.Complete(intent.Facts{Release: modwsgi.MustParseRelease("6.1.1"), Python: "3.11", PythonHome: dir + "/new"})
		if got := fmt.Sprint(err); got != want && (want != "" || err != nil) {
			t.Errorf("%s: error %v, want %s", text, err, want)
		}
	}
}

// makeVirtualenv makes the file by which a folder is a virtualenv.
func makeVirtualenv(t *testing.T, dir, version string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), []byte("home = /usr/bin\nversion = "+version+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestModuleIsThatOfTheFirstVirtualenvNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                     "",
		"venv = \"venv\"":      "/srv/shop/venv",
		"venv = \"/opt/venv\"": "/opt/venv",
		"[daemon.shop]\npython-home = \"/srv/its\"\n[daemon.zoo]\npython-home = \"/srv/other\"": "/srv/its",
	} {
		file, err := intent.Parse("wsgictl.toml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := file.ModuleVenv("/srv/shop"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
