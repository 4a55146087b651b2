package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
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
	code := run(t.Context(), []string{"graceful-restart", "--pid-file", pidFile, "--httpd", "/usr/sbin/apache2", "--mpm", "worker"}, &stdout, &stderr)
	if code != exitFindings || !strings.Contains(stderr.String(), "names no process that runs /usr/sbin/apache2") {
		t.Errorf("exit code %d, stderr %s", code, &stderr)
	}
	if err := other.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("the other process is gone: %v", err)
	}
	if err := <-ended; err == nil || err.Error() != "signal: terminated" {
		t.Errorf("the other process ended with %v", err)
	}
}
