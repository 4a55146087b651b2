//go:build linux

package express_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// onDisk puts the server root on a small file system of its own.
func (a *application) onDisk(t *testing.T, flags uintptr) (disk string) {
	t.Helper()
	disk = filepath.Join(a.Dir, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	needtest.Root(t)
	if err := syscall.Mount("none", disk, "tmpfs", flags, "size=700k,mode=755"); err != nil {
		needtest.Missing(t, "mount: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	a.Root = filepath.Join(disk, "root")
	return disk
}

// fill leaves nothing of a disk.
func fill(t *testing.T, disk string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(disk, "fill"), make([]byte, 1<<20), 0o644); err == nil {
		t.Fatal("the disk is not full")
	}
}

// TestFullDiskEndsNoServer: Apache writes its pid file anew at each reload, and
// exits where it cannot.
func TestFullDiskEndsNoServer(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"/bin/bash", "/bin/sh"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			disk := a.onDisk(t, 0)
			logs := t.TempDir()
			r := a.prepare(t, "hello.wsgi", "--shell-executable", shell, "--log-directory", logs)
			control := filepath.Join(a.Root, "apachectl")
			t.Cleanup(func() { _ = exec.Command(control, "stop").Run() })

			fill(t, disk)
			r.refuses(control, "start", "Is its disk full?")
			if err := os.Remove(filepath.Join(disk, "fill")); err != nil {
				t.Fatal(err)
			}
			run(t, control, "start")
			before := r.pid()

			fill(t, disk)
			for _, word := range []string{"graceful", "restart"} {
				r.refuses(control, word, "Is its disk full?")
			}
			if r.pid() != before {
				t.Error("another process answers")
			}
			if err := os.Remove(filepath.Join(disk, "fill")); err != nil {
				t.Fatal(err)
			}
			run(t, control, "graceful")
			r.await("a new process answers", func() bool { return r.answersAnew(before) })
		})
	}
}

// refuses has a word of the control script fail with an explanation.
func (r *running) refuses(control, word, want string) {
	r.t.Helper()
	output, err := exec.Command(control, word).CombinedOutput()
	if err == nil || !strings.Contains(string(output), want) {
		r.t.Errorf("%s: %v, %q; want %q", word, err, output, want)
	}
}

// TestControlTellsOfAnApacheThatExits where it says nothing itself: it has gone
// to the background by then.
func TestControlTellsOfAnApacheThatExits(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	httpd := a.write(t, "exiting-httpd", "#!/bin/sh\ncase \" $* \" in *' -k start '*|*' -k graceful '*) exit 0 ;; esac\nexec "+httpdtest.Program(t)+" \"$@\"\n")
	if err := os.Chmod(httpd, 0o755); err != nil {
		t.Fatal(err)
	}
	a.write(t, "empty", "")
	r := a.prepare(t, "hello.wsgi", "--httpd-executable", httpd, "--modules-directory", httpdtest.ModulesDir(t))
	r.refuses(filepath.Join(a.Root, "apachectl"), "start", "Apache is not running")
}

// TestZombieIsNoRunningApache: in a container without an init, nobody asks about
// the end of an Apache that was killed.
func TestZombieIsNoRunningApache(t *testing.T) {
	t.Parallel()
	r := newApplication(t, "6.1.1").prepare(t, "hello.wsgi")
	control, pidFile := filepath.Join(r.Root, "apachectl"), filepath.Join(r.Root, "httpd.pid")
	zombie := exec.Command("true") // until the test waits for it
	if err := zombie.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = zombie.Wait() })
	r.await("it is a zombie", func() bool {
		text, _ := os.ReadFile("/proc/" + strconv.Itoa(zombie.Process.Pid) + "/stat")
		return strings.Contains(string(text), ") Z ")
	})
	for _, word := range []string{"status", "stop", "start"} {
		if err := os.WriteFile(pidFile, []byte(strconv.Itoa(zombie.Process.Pid)+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		output, err := exec.Command(control, word).CombinedOutput()
		switch {
		case word == "status" && !strings.Contains(string(output), "Apache is not running."):
			t.Errorf("%s: %s", word, output)
		case word != "status" && err != nil:
			t.Errorf("%s: %v, %s", word, err, output)
		}
	}
	t.Cleanup(func() { _ = exec.Command(control, "stop").Run() })
	r.wants(r.get("/"), 200, "Hello from")
}

// TestServesFromWhereNothingCanBeExecuted: apachectl needs its shell there.
func TestServesFromWhereNothingCanBeExecuted(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.onDisk(t, syscall.MS_NOEXEC)
	r := a.prepare(t, "hello.wsgi")
	hint := r.Setup.Noexec()
	_, command, found := strings.Cut(hint, `Control the server with "`)
	command, _, ended := strings.Cut(command, ` start"`)
	if !found || !ended {
		t.Fatalf("the hint is %q", hint)
	}
	words := strings.Fields(command)
	run(t, words[0], words[1], "start")
	t.Cleanup(func() { run(t, words[0], words[1], "stop") })
	r.wants(r.get("/"), 200, "Hello from")
}
