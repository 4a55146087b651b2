package express_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/store/storetest"
	"github.com/wsgictl/wsgictl/trust"
)

// TestManagementCommandBecomesWsgictl runs the command with a stand-in for the
// one class of Django that it needs, and one for wsgictl.
func TestManagementCommandBecomesWsgictl(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	venv, err := detect.ReadVirtualenv(a.Venv)
	if err != nil {
		t.Fatal(err)
	}
	offer := func() string {
		t.Helper()
		advice, err := express.OfferDjangoApp(t.Context(), venv, "1.0", func() (func(), error) { return func() {}, nil })
		if err != nil {
			t.Fatal(err)
		}
		return advice
	}
	if offer() != "" {
		t.Error("a virtualenv without Django is said to have it")
	}
	site, err := filepath.Rel(a.Dir, venv.SitePackages)
	if err != nil {
		t.Fatal(err)
	}
	a.write(t, site+"/django/__init__.py", "")
	for range 2 { // a second time over the first
		if offer() == "" {
			t.Error("Django is not found")
		}
	}
	a.write(t, site+"/django/core/management/base.py", "class BaseCommand:\n    pass\n")
	wsgictl := a.write(t, "bin/wsgictl", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
	if err := os.Chmod(wsgictl, 0o755); err != nil {
		t.Fatal(err)
	}
	a.write(t, "manage.py", "import sys\nfrom wsgictl_django.management.commands.runwsgictl import Command\nCommand().run_from_argv(sys.argv)\n")
	command := exec.Command(venv.Python(), "manage.py", "runwsgictl", "--settings", "x.y", "--port", "9000", "--pythonpath=z", "--locale=C.UTF-8")
	command.Dir = a.Dir
	command.Env = append(os.Environ(), "PATH="+filepath.Dir(wsgictl)+":"+os.Getenv("PATH"), "PYTHONPATH="+a.Dir)
	output, err := command.CombinedOutput()
	want := strings.Join([]string{"start-server", "--working-directory", a.Dir, "--venv", a.Venv, "--port", "9000",
		"--python-path", filepath.Join(a.Dir, "z"), "--locale=C.UTF-8", ""}, "\n")
	if err != nil || string(output) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, output, want)
	}
}

// bareVirtualenv is one without Python.
func bareVirtualenv(t *testing.T) detect.Virtualenv {
	t.Helper()
	dir := t.TempDir()
	venv := detect.Virtualenv{Path: dir, SitePackages: filepath.Join(dir, "lib/python3.11/site-packages")}
	if err := errors.Join(os.MkdirAll(venv.SitePackages, 0o755), os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	return venv
}

func TestManagementCommandIsNotLedElsewhere(t *testing.T) {
	t.Parallel()
	venv, elsewhere := bareVirtualenv(t), t.TempDir()
	app := filepath.Join(venv.SitePackages, "wsgictl_django")
	if err := os.Symlink(elsewhere, app); err != nil {
		t.Fatal(err)
	}
	if err := express.PlaceDjangoApp(t.Context(), venv, "1.0"); err == nil || !strings.Contains(err.Error(), "there is a link to "+elsewhere+" where a folder belongs; nothing was changed") {
		t.Errorf("error %v", err)
	}
	if entries, err := os.ReadDir(elsewhere); err != nil || len(entries) > 0 {
		t.Errorf("written through the link: %v %v", entries, err)
	}
	if os.Geteuid() != 0 {
		return
	}
	if err := errors.Join(os.Remove(app), os.Chown(venv.SitePackages, 65534, 65534)); err != nil {
		t.Fatal(err)
	}
	if err := express.PlaceDjangoApp(t.Context(), venv, "1.0"); err == nil || !errors.As(err, new(*trust.Untrusted)) {
		t.Errorf("root writes where others can: %v", err)
	}
}

// TestManagementCommandHasHashes by which pip and others know it again, and uninstall it
// as a whole.
func TestManagementCommandHasHashes(t *testing.T) {
	t.Parallel()
	venv := bareVirtualenv(t)
	if err := express.PlaceDjangoApp(t.Context(), venv, "1.0"); err != nil {
		t.Fatal(err)
	}
	before := contents(t, venv.Path)
	record := before[filepath.Join(venv.SitePackages, "wsgictl_django-1.0.dist-info/RECORD")]
	hashed := 0
	for line := range strings.Lines(record) {
		fields := strings.Split(strings.TrimSpace(line), ",")
		if text, there := before[filepath.Join(venv.SitePackages, fields[0])]; !there {
			t.Errorf("%s is not there", fields[0])
		} else if sum := sha256.Sum256([]byte(text)); fields[1] == "sha256="+base64.RawURLEncoding.EncodeToString(sum[:]) && fields[2] == strconv.Itoa(len(text)) {
			hashed++
		}
	}
	if lines := strings.Count(record, "\n"); lines != len(before)-1 || hashed != lines-1 { // without pyvenv.cfg; RECORD has no hash of its own
		t.Errorf("%d of %d lines have the right hash, of %d files:\n%s", hashed, lines, len(before), record)
	}
}

// placing has this test program place the package in a virtualenv.
const placing = "WSGICTL_TEST_PLACE"

// TestManagementCommandThatIsKilledIsWholeAfterTheNext kills the placing at random:
// what is left the next one puts back or has, and then all is there.
func TestManagementCommandThatIsKilledIsWholeAfterTheNext(t *testing.T) {
	if dir := os.Getenv(placing); dir != "" {
		venv := detect.Virtualenv{Path: dir, SitePackages: filepath.Join(dir, "lib/python3.11/site-packages")}
		if err := express.PlaceDjangoApp(t.Context(), venv, "1.0"); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Parallel()
	venv := bareVirtualenv(t)
	if err := express.PlaceDjangoApp(t.Context(), venv, "1.0"); err != nil {
		t.Fatal(err)
	}
	whole := contents(t, venv.Path)
	start := func() *exec.Cmd {
		for _, name := range []string{"wsgictl_django", "wsgictl_django-1.0.dist-info"} {
			if err := os.RemoveAll(filepath.Join(venv.SitePackages, name)); err != nil {
				t.Fatal(err)
			}
		}
		return again(t, placing+"="+venv.Path)
	}
	check := func(bool) {
		t.Helper()
		if err := express.PlaceDjangoApp(t.Context(), venv, "1.0"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, contents(t, venv.Path)); diff != "" {
			t.Fatalf("(-whole +now):\n%s", diff)
		}
	}
	storetest.KillIn(t, filepath.Join(venv.SitePackages, "wsgictl_django"), filepath.Join(venv.SitePackages, "*", "journal.json"), start())
	check(true)
	storetest.KillAtRandom(t, storetest.Kills(15, 300), start, check)
}

// again runs this test in a process of its own.
func again(t *testing.T, variable string) *exec.Cmd {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	command.Env = append(os.Environ(), variable)
	return command
}
