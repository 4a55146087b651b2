package detect

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trusttest"
)

// TestPythonThatTheCallerMayNotReadIsNotGone, such as root's own below /root.
func TestPythonThatTheCallerMayNotReadIsNotGone(t *testing.T) {
	if dir := os.Getenv("VIRTUALENV_TO_READ"); dir != "" { // as another account, below
		v, err := ReadVirtualenv(dir)
		fmt.Println(v.Broken, err)
		return
	}
	needtest.Root(t)
	t.Parallel()
	dir := trusttest.Folder(t)
	private := filepath.Join(dir, "private")
	writeProgram(t, filepath.Join(private, "python", "bin", "python3.11"), "#!/bin/sh\n")
	if err := os.Chmod(private, 0o700); err != nil {
		t.Fatal(err)
	}
	venv := filepath.Join(dir, "venv")
	for name, text := range map[string]string{
		"pyvenv.cfg": "home = " + private + "/python/bin\nversion = 3.11.7\n", "lib/python3.11/site-packages/x": "",
	} {
		writeProgram(t, filepath.Join(venv, name), text)
	}
	if err := os.Mkdir(filepath.Join(venv, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(private, "python", "bin", "python3.11"), filepath.Join(venv, "bin", "python")); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable() // whose folder is closed to others
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "test")
	// A copy by this process would be busy while another test starts a program that
	// has got it open.
	if out, err := exec.Command("cp", self, program).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	reader := exec.Command(program, "-test.run", "^"+t.Name()+"$")
	reader.Env = append(os.Environ(), "VIRTUALENV_TO_READ="+venv)
	reader.Dir = dir
	reader.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: trusttest.Alice, Gid: trusttest.Alice}}
	output, err := reader.CombinedOutput()
	want := fmt.Sprintf("%s/bin/python leads to %s/python/bin/python3.11: %s, which belongs to root, is closed to user %d; use a Python that all may read", venv, private, private, trusttest.Alice)
	if err != nil || !strings.Contains(string(output), want) {
		t.Errorf("%v, %s\nwant %s", err, output, want)
	}
}
