package express_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
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
	command := exec.Command(venv.Python(), "manage.py", "runwsgictl", "--settings", "x.y", "--port", "9000", "--pythonpath=/z")
	command.Dir = a.Dir
	command.Env = append(os.Environ(), "PATH="+filepath.Dir(wsgictl)+":"+os.Getenv("PATH"), "PYTHONPATH="+a.Dir)
	output, err := command.CombinedOutput()
	want := strings.Join([]string{"start-server", "--working-directory", a.Dir, "--venv", a.Venv, "--port", "9000", ""}, "\n")
	if err != nil || string(output) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, output, want)
	}
}
