package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// A pid file that was left behind may name the process of another program by
// now, which the signal would end.
func TestGracefulRestartLeavesOtherProcessesAlone(t *testing.T) {
	t.Parallel()
	other := exec.Command("sleep", "60")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- other.Wait() }()
	pidFile := filepath.Join(t.TempDir(), "httpd.pid")
	if err := os.WriteFile(pidFile, fmt.Appendln(nil, other.Process.Pid), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"graceful-restart", "--pid-file", pidFile, "--httpd", "/usr/sbin/apache2"}, &stdout, &stderr)
	if code != exitFindings || !strings.Contains(stderr.String(), "/sleep and not /usr/sbin/apache2") {
		t.Errorf("exit code %d, stderr %s", code, &stderr)
	}
	if err := other.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("the other process is gone: %v", err)
	}
	if err := <-ended; err == nil || err.Error() != "signal: terminated" {
		t.Errorf("the other process ended with %v", err)
	}
}

// Whoever can write the pid file, or the configuration, would have root signal
// what he likes.
func TestGracefulRestartByRootLeavesServersOfOthersAlone(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	const alice = 5 // games, which is no account of a person
	dir := t.TempDir()
	pidFile, config := filepath.Join(dir, "httpd.pid"), filepath.Join(dir, "httpd.conf")
	for _, path := range []string{pidFile, config} {
		if err := os.WriteFile(path, fmt.Appendln(nil, os.Getpid()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	restart := func(more ...string) string {
		var stdout, stderr bytes.Buffer
		args := append([]string{"graceful-restart", "--pid-file", pidFile, "--httpd", "/not" + self, "--config", config}, more...)
		if code := run(t.Context(), args, &stdout, &stderr); code != exitFindings {
			t.Errorf("exit code %d", code)
		}
		return stderr.String()
	}
	if said := restart(); !strings.Contains(said, "and not /not") {
		t.Errorf("all is root's: %s", said)
	}
	for _, path := range []string{pidFile, config} {
		if err := os.Chown(path, alice, alice); err != nil {
			t.Fatal(err)
		}
		if said := restart(); !strings.Contains(said, path+": it belongs to games") {
			t.Errorf("%s is of others: %s", path, said)
		}
		if said := restart("--trust", "games"); !strings.Contains(said, "names the process") {
			t.Errorf("%s is of somebody who is trusted: %s", path, said)
		}
		if err := os.Chown(path, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
}
