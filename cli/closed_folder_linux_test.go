package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trusttest"
)

// TestWhatMayNotBeLookedAtIsNotMissing: for an account that may not look into a folder,
// what lies there may be there or not.
func TestWhatMayNotBeLookedAtIsNotMissing(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	dir, err := os.MkdirTemp("", "closed-folder-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	closed := filepath.Join(dir, "closed")
	site, script := filepath.Join(dir, "site.conf"), filepath.Join(dir, "app.wsgi")
	text := "WSGIDaemonProcess shop python-path=" + closed + "/path python-home=" + closed + "/venv\n" +
		"WSGIScriptAlias / " + script + " process-group=shop\n"
	for _, err := range []error{
		os.Chmod(dir, 0o755), os.Mkdir(closed, 0o700), os.WriteFile(script, nil, 0o644), os.WriteFile(site, []byte(text), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	audit := func(account uint32) error {
		command := exec.Command(built(t), "audit", "--select", "WC143,WC222", site)
		command.Dir = dir
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: account, Gid: account}}
		return command.Run()
	}
	if err := audit(trusttest.Alice); err != nil {
		t.Errorf("who may not look there is told of it: %v", err)
	}
	if err := audit(0); err == nil {
		t.Error("root, who may, is not")
	}
}
