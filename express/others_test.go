//go:build linux

package express_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// Two accounts that each Debian has, and that own nothing: in /etc/passwd, since
// Apache wants the name of the one that it becomes.
const (
	alice, aliceUID = "games", 5
	bobUID          = 6
)

// newApplicationOfAlice is an application whose folder and virtualenv belong to
// an ordinary account, and which root is to serve as that account. Root keeps a
// module for it.
func newApplicationOfAlice(t *testing.T, release string) *application {
	t.Helper()
	needtest.Root(t)
	a := newApplication(t, release)
	a.User, a.Build.ModulesDirectory = alice, filepath.Join(filepath.Dir(a.Dir), "kept")
	_, series := python(t)
	if err := os.Mkdir(a.Build.ModulesDirectory, 0o755); err != nil {
		t.Fatal(err)
	}
	copyModule(t, httpdtest.Module(t, release), filepath.Join(a.Build.ModulesDirectory, "mod_wsgi-"+release+"-py"+series+"-0123abcd.so"))
	own(t, aliceUID, a.Dir)
	own(t, aliceUID, a.Venv)
	return a
}

// own gives a file, or a folder with all that is in it, to an account.
func own(t *testing.T, uid int, path string) {
	t.Helper()
	err := filepath.WalkDir(path, func(name string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(name, uid, uid))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sitePackages is that of the virtualenv.
func (a *application) sitePackages(t *testing.T) string {
	t.Helper()
	_, series := python(t)
	return filepath.Join(a.Venv, "lib", "python"+series, "site-packages")
}

// TestRootServesForeignVirtualenvWithItsOwnModule: neither the module of the
// virtualenv nor what Python runs by itself when it starts there is root's to
// run.
func TestRootServesForeignVirtualenvWithItsOwnModule(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", "5.0.2", "6.1.1"} {
		for _, mode := range []string{"", "--embedded-mode", "--debug-mode"} {
			t.Run(strings.TrimSpace(release+" "+mode), func(t *testing.T) {
				t.Parallel()
				a := newApplicationOfAlice(t, release)
				seen := filepath.Join(a.Dir, "seen")
				started := "import os; open(" + strconv.Quote(seen) + ", 'a').write('%d\\n' % os.getuid())\n"
				hooks := filepath.Join(a.sitePackages(t), "hooks.pth")
				modules, _ := filepath.Glob(filepath.Join(a.sitePackages(t), "mod_wsgi/server/*.so"))
				if err := errors.Join(os.WriteFile(hooks, []byte(started), 0o644), os.WriteFile(modules[0], []byte("hostile"), 0o755)); err != nil {
					t.Fatal(err)
				}
				r := a.serve(t, append(strings.Fields(mode), "hello.wsgi")...)
				r.wants(r.get("/x"), 200, fmt.Sprintf("cwd=%s\nuid=%d\n", a.Dir, aliceUID))
				setup := strings.Join(r.Setup.Notes, "\n")
				if !strings.Contains(setup, a.Venv+": it belongs to "+alice) || !strings.Contains(setup, "root's own mod_wsgi "+release) {
					t.Errorf("not said: %s", setup)
				}
				for _, uid := range strings.Fields(read(t, seen)) { // once by each process
					if uid != strconv.Itoa(aliceUID) {
						t.Errorf("Python of the virtualenv ran as user %s", uid)
					}
				}
				if configuration := text(r.Setup, "httpd.conf"); !strings.Contains(configuration, "LoadModule wsgi_module "+a.Build.ModulesDirectory+"/") || !strings.Contains(configuration, "WSGIPythonHome "+a.Venv+"\n") {
					t.Errorf("httpd.conf:\n%s", configuration)
				}
			})
		}
	}
}

// spy is a stand-in for bin/python that tells who started it with what, beside
// what it is to do.
const spy = `#!/bin/sh
{ id -u; env; } >>%[1]s
chmod a+rw %[1]s 2>/dev/null
exec /usr/bin/python3 "$@"
`

// TestRootStartsPythonOfOthersAsItsOwner, who sees nothing of root's
// environment.
func TestRootStartsPythonOfOthersAsItsOwner(t *testing.T) { // changes the environment: not parallel
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hidden")
	a := newApplicationOfAlice(t, "6.1.1")
	for name, content := range map[string]string{
		"manage.py": manage, "site/__init__.py": "", "django/__init__.py": "", "django/conf.py": djangoStandIn,
		"site/settings_of_mine.py": "import os\nopen('seen', 'w').write(repr((os.getuid(), os.environ.copy())))\nWSGI_APPLICATION = 'a.b'\nSTATIC_ROOT = STATIC_URL = ''\nMIDDLEWARE = []\n",
	} {
		a.write(t, strings.ReplaceAll(name, "site/", "mine/"), strings.ReplaceAll(content, "site.", "mine."))
	}
	own(t, aliceUID, a.Dir)
	setup, err := a.try(nil)
	if err != nil {
		t.Fatal(err)
	}
	if handler := text(setup, "handler.wsgi"); !strings.Contains(handler, `"a:b"`) {
		t.Errorf("not found: %s", handler)
	}
	seen := read(t, filepath.Join(a.Dir, "seen"))
	if !strings.HasPrefix(seen, fmt.Sprintf("(%d, ", aliceUID)) || strings.Contains(seen, "hidden") || !strings.Contains(seen, "'HOME': '/usr/games'") {
		t.Errorf("settings were read with %s", seen)
	}
}

// TestRootStartsNoPythonOfSeveralOwners, and says what to do.
func TestRootStartsNoPythonOfSeveralOwners(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	seen := filepath.Join(t.TempDir(), "seen")
	for _, dir := range []string{filepath.Dir(seen), filepath.Dir(filepath.Dir(seen))} {
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Remove(filepath.Join(a.Venv, "bin/python")), os.WriteFile(filepath.Join(a.Venv, "bin/python"), fmt.Appendf(nil, spy, seen), 0o755)); err != nil {
		t.Fatal(err)
	}
	a.write(t, "app.py", "from flask import Flask\napp = Flask(__name__)\n")
	for _, other := range []string{"other.wsgi", "hello.wsgi", "access.wsgi"} {
		if err := os.Remove(filepath.Join(a.Dir, other)); err != nil {
			t.Fatal(err)
		}
	}
	own(t, bobUID, a.Dir)
	_, err := a.try(nil)
	if err == nil || !strings.Contains(err.Error(), "more than one account") || !strings.Contains(err.Error(), "name the entry point: wsgictl setup-server ENTRY-POINT") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(seen); err == nil {
		t.Errorf("Python was started: %s", read(t, seen))
	}
	own(t, aliceUID, a.Dir)
	_, err = a.try(nil)
	if err == nil || !strings.Contains(err.Error(), "make the virtualenv with a Python that root alone can change") || !strings.Contains(err.Error(), "--trust "+alice) {
		t.Errorf("a base Python of others: error %v", err)
	}
	if uid, _, _ := strings.Cut(read(t, seen), "\n"); uid != strconv.Itoa(aliceUID) {
		t.Errorf("Python was started as user %s", uid)
	}
}

// TestTrustTakesTheRiskByName: the module of the virtualenv is loaded, and what
// was written says who can become root by it.
func TestTrustTakesTheRiskByName(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	logs := filepath.Join(a.Dir, "logs")
	if err := os.Mkdir(logs, 0o755); err != nil {
		t.Fatal(err)
	}
	own(t, aliceUID, logs)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	a.Program = self
	setup := a.plan(t, []string{"--log-directory", logs, "--trust", alice})
	configuration := text(setup, "httpd.conf")
	for _, want := range []string{"# --trust " + alice + ": this account can change", "LoadModule wsgi_module " + a.Venv, "ErrorLog " + logs} {
		if !strings.Contains(configuration, want) {
			t.Errorf("no %q in\n%s", want, configuration)
		}
	}
	if control := text(setup, "apachectl"); !strings.Contains(control, " --trust '"+alice+"'\n") {
		t.Errorf("apachectl does not hand it on:\n%s", control)
	}
	seen := filepath.Join(a.Dir, "seen")
	python := filepath.Join(a.Venv, "bin", "python")
	if err := errors.Join(os.Remove(python), os.WriteFile(python, fmt.Appendf(nil, spy, seen), 0o755)); err != nil {
		t.Fatal(err)
	}
	own(t, aliceUID, python)
	setup = a.plan(t, []string{"--log-directory", logs, "--trust", alice, "--server-status"})
	if err := setup.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	setup.Compile(t.Context())
	if text, err := os.ReadFile(seen); err == nil && !strings.HasPrefix(string(text), strconv.Itoa(aliceUID)+"\n") {
		t.Errorf("her Python was not run as hers: %s", text) // which looks at the entry point
	}
	if control := text(setup, "apachectl"); strings.Contains(control, python) {
		t.Errorf("apachectl runs her Python:\n%s", control)
	}
	for _, other := range []string{"bin", "nosuchuser"} {
		if _, err := a.try([]string{"--log-directory", logs, "--trust", other, "hello.wsgi"}); err == nil {
			t.Errorf("accepted with --trust %s", other)
		}
	}
}

// TestRootBuildsAModuleForForeignVirtualenv once, and takes it again.
func TestRootBuildsAModuleForForeignVirtualenv(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	if err := os.RemoveAll(a.Build.ModulesDirectory); err != nil {
		t.Fatal(err)
	}
	a.Build.Source, a.Build.Cache = httpdtest.Archive(t, "6.1.1").Path, httpdtest.Builder(t).Cache
	var said []string
	a.Build.Say = func(text string) { said = append(said, text) }
	first, second := a.plan(t, nil), a.plan(t, nil)
	modules, _ := filepath.Glob(filepath.Join(a.Build.ModulesDirectory, "mod_wsgi-6.1.1-py3.*.so"))
	if len(modules) != 1 || len(said) != 1 || !strings.Contains(said[0], "Kept mod_wsgi 6.1.1 as "+modules[0]) {
		t.Fatalf("kept %q, said %q", modules, said)
	}
	for _, setup := range []*express.Setup{first, second} {
		if configuration := text(setup, "httpd.conf"); !strings.Contains(configuration, "LoadModule wsgi_module "+modules[0]+"\n") {
			t.Errorf("httpd.conf:\n%s", configuration)
		}
	}
}

// TestRootLinksWithNoPythonOfOthers: what Apache loads would hold their code.
func TestRootLinksWithNoPythonOfOthers(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	base := closePython(t, a)
	own(t, aliceUID, a.Venv)
	own(t, aliceUID, base)
	if err := os.Chmod(base, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := a.try([]string{"hello.wsgi"})
	for _, want := range []string{"it belongs to " + alice, "runuser -u " + alice + " -- /usr/bin/python3", "--trust " + alice} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	if _, err := a.try([]string{"hello.wsgi", "--trust", alice}); err != nil {
		t.Error(err)
	}
}

// TestRootPassesOverAnApacheOfOthers: one that pip brought into the virtualenv;
// and refuses one that is named, or stands first on PATH.
func TestRootPassesOverAnApacheOfOthers(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	hostile := "#!/bin/sh\necho ran >>" + filepath.Join(a.Dir, "seen") + "\n"
	httpd := filepath.Join(a.sitePackages(t), "mod_wsgi", "packages", "apache", "bin", "httpd")
	for _, path := range []string{httpd, filepath.Join(a.Dir, "bin", "apache2")} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(hostile), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	own(t, aliceUID, a.Venv)
	own(t, aliceUID, a.Dir)
	if control := text(a.plan(t, nil), "apachectl"); strings.Contains(control, httpd) {
		t.Errorf("apachectl runs it:\n%s", control)
	}
	a.Env = "HTTPD=" + filepath.Join(a.Dir, "bin", "apache2")
	if _, err := a.try([]string{"hello.wsgi"}); err == nil || !strings.Contains(err.Error(), "--httpd-executable "+filepath.Join(a.Dir, "bin", "apache2")) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(a.Dir, "seen")); err == nil {
		t.Error("it ran")
	}
}
