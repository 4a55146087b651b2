package express_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/needtest"
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
	if express.HasDjango(venv) {
		t.Error("a virtualenv without Django is said to have it")
	}
	site, err := filepath.Rel(a.Dir, venv.SitePackages)
	if err != nil {
		t.Fatal(err)
	}
	a.write(t, site+"/django/__init__.py", "")
	if !express.HasDjango(venv) {
		t.Error("Django is not found")
	}
	for range 2 { // a second time over the first
		if err := express.PlaceDjangoApp(venv); err != nil {
			t.Fatal(err)
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

func TestManagementCommandBelongsToTheOwnerOfTheVirtualenv(t *testing.T) {
	t.Parallel()
	const stranger = 65534
	needtest.Root(t)
	dir, elsewhere := t.TempDir(), t.TempDir()
	site := filepath.Join(dir, "lib/python3.11/site-packages")
	for _, folder := range []string{site, filepath.Join(dir, "bin")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), nil, 0o644), os.Chown(site, stranger, stranger)); err != nil {
		t.Fatal(err)
	}
	venv := detect.Virtualenv{Path: dir, SitePackages: site}
	if err := express.PlaceDjangoApp(venv); err != nil {
		t.Fatal(err)
	}
	app := filepath.Join(site, "wsgictl_django")
	for _, path := range []string{app, filepath.Join(app, "management"), filepath.Join(app, "management/commands/runwsgictl.py")} {
		info, err := os.Stat(path)
		if err != nil || info.Sys().(*syscall.Stat_t).Uid != stranger { //nolint:forcetypeassert // of the systems that run this
			t.Errorf("%s is not its owner's (%v)", path, err)
		}
	}
	if err := express.RemoveDjangoApp(venv); err != nil || express.HasDjangoApp(venv) {
		t.Errorf("it is still there (%v)", err)
	}
	if err := os.Symlink(elsewhere, app); err != nil {
		t.Fatal(err)
	}
	if err := express.PlaceDjangoApp(venv); err == nil {
		t.Error("a link out of the virtualenv was followed")
	}
	if entries, err := os.ReadDir(elsewhere); err != nil || len(entries) > 0 {
		t.Errorf("written through the link: %v %v", entries, err)
	}
}
