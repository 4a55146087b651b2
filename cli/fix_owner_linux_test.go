package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/trusttest"
)

// TestFixOfAnothersFileSaysWhoCan leaves a file as it is whose owner it cannot keep, as
// in a folder that a group writes, and says as whom it can be fixed.
func TestFixOfAnothersFileSaysWhoCan(t *testing.T) {
	t.Parallel()
	h := newTestHost(t)
	site := h.write("shared/httpd.conf", "WSGIDaemonProcess shop display-name=shop\nWSGIScriptAlias / /srv/shop.wsgi process-group=shop\n")
	for _, path := range []string{filepath.Dir(site), site} {
		if err := os.Chown(path, trusttest.Bob, trusttest.Alice); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Dir(site), 0o775); err != nil {
		t.Fatal(err)
	}
	home := h.path("home")
	if err := errors.Join(os.Mkdir(home, 0o700), os.Chown(home, trusttest.Alice, trusttest.Alice)); err != nil {
		t.Fatal(err)
	}
	before := stateBelow(t, h.path("shared"))
	command := exec.Command(built(t), "audit", "--fix", "--unsafe-fixes", site)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: trusttest.Alice, Gid: trusttest.Alice}}
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
	output, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "keep its owner, user 61002 and group 61001: ") || !strings.Contains(string(output), "; do it as that user, in that group, or as root\nall was put back as it was before\n") {
		t.Errorf("%v\n%s", err, output)
	}
	if now := stateBelow(t, h.path("shared")); len(now) != len(before) || now[site] != before[site] {
		t.Errorf("before %v, now %v", before, now)
	}
}
