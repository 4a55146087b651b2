//go:build linux

package express_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestControlOfRootRunsNothingOfOthers: neither programs that stand first on the
// caller's PATH, nor libraries in the folder of the application, where a loader
// looks whose path has an empty part, nor the virtualenv's Python.
func TestControlOfRootRunsNothingOfOthers(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	seen, bin := filepath.Join(a.Dir, "seen"), filepath.Join(a.Dir, "bin")
	for _, name := range []string{"cat", "tr", "ps", "awk", "sleep", "rm", "sh", "bash", "rotatelogs", "python3", "wsgictl"} {
		program := a.write(t, "bin/"+name, "#!/bin/sh\nid -u >>"+seen+"\nchmod a+rw "+seen+"\n")
		if err := os.Chmod(program, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	a.write(t, "libapr-1.so.0", "hostile")
	python := filepath.Join(a.Venv, "bin", "python")
	own(t, aliceUID, a.Dir)
	a.Env = "PATH=" + bin + ":" + os.Getenv("PATH")
	a.Program = filepath.Join(bin, "wsgictl")
	r := a.prepare(t, "hello.wsgi", "--server-status", "--rotate-logs")
	if notes := strings.Join(r.Setup.Notes, "\n"); !strings.Contains(notes, "does without wsgictl") {
		t.Errorf("notes: %s", notes)
	}
	if err := errors.Join(
		os.WriteFile(filepath.Join(r.Root, "envvars"), []byte("export LD_LIBRARY_PATH=/nowhere:\n"), 0o600),
		os.Remove(python), os.WriteFile(python, []byte("#!/bin/sh\nid -u >>"+seen+"\n"), 0o755),
	); err != nil {
		t.Fatal(err)
	}
	r.process.Env = append(os.Environ(), a.Env)
	r.process.Dir = a.Dir
	r.run()
	r.wants(r.get("/"), 200, "os.PATH="+bin+":") // of the application
	for _, word := range []string{"configtest", "status", "reload", "graceful", "stop"} {
		command := exec.Command(filepath.Join(r.Root, "apachectl"), word)
		command.Env, command.Dir = r.process.Env, a.Dir
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", word, err, output)
		} else if word == "status" && !strings.Contains(string(output), "Total Accesses") {
			t.Errorf("status: %s", output)
		}
	}
	if text, err := os.ReadFile(seen); err == nil {
		t.Errorf("programs of %s ran, as users %q", alice, text)
	}
}

// TestControlOfOthersRefusesRoot, who would run what its owner can change.
func TestControlOfOthersRefusesRoot(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	bin := filepath.Join(filepath.Dir(a.Dir), "bin")
	run(t, "go", "build", "-o", bin+"/", "github.com/wsgictl/wsgictl/cmd/wsgictl")
	as := func(uid uint32, program string, args ...string) (string, error) {
		command := exec.Command(program, args...)
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
		command.Dir = a.Dir
		output, err := command.CombinedOutput()
		return string(output), err
	}
	root := filepath.Join(a.Dir, "root")
	if output, err := as(aliceUID, filepath.Join(bin, "wsgictl"), "setup-server", "hello.wsgi", "--venv", a.Venv, "--server-root", root); err != nil || strings.Contains(output, "root's own") {
		t.Fatalf("%v\n%s", err, output)
	}
	control := filepath.Join(root, "apachectl")
	if output, err := as(0, control, "stop"); err == nil || !strings.Contains(output, "this server is that of "+alice) {
		t.Errorf("root: %v\n%s", err, output)
	}
	if output, err := as(aliceUID, control, "configtest"); err != nil {
		t.Errorf("%s: %v\n%s", alice, err, output)
	}
}
