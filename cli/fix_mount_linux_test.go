package cli

import (
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestFixOfAMountSaysWhatToDo leaves a file as it is that is mounted alone, as into a
// container, or in a folder that is mounted read-only.
func TestFixOfAMountSaysWhatToDo(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	for name, test := range map[string]struct {
		mount, says string
		flags       uintptr
	}{
		"a single file":    {"httpd.conf", "it is a mount of its own", 0},
		"read-only folder": {"", "its file system is mounted read-only", unix.MS_RDONLY},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newTestHost(t)
			site := h.write("etc/httpd.conf", "WSGIDaemonProcess shop display-name=shop\nWSGIScriptAlias / /srv/shop.wsgi process-group=shop\n")
			mount, before := h.path("etc/"+test.mount), textOf(t, site)
			if err := unix.Mount(mount, mount, "", unix.MS_BIND, ""); err != nil {
				needtest.Missing(t, "mount: %v", err)
			}
			defer func() { _ = unix.Unmount(mount, unix.MNT_DETACH) }()
			if err := unix.Mount("", mount, "", unix.MS_REMOUNT|unix.MS_BIND|test.flags, ""); err != nil {
				t.Fatal(err)
			}
			output, err := exec.Command(built(t), "audit", "--fix", "--unsafe-fixes", site).CombinedOutput()
			if err == nil || !strings.Contains(string(output), "wsgictl: change "+site+": "+test.says) || !strings.Contains(string(output), "all was put back as it was before\n") || textOf(t, site) != before {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}
