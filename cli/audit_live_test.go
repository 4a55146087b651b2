package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

func auditLive(t *testing.T, file string) (code int, stdout, stderr string) {
	t.Helper()
	var out, messages bytes.Buffer
	code = run(t.Context(), []string{"audit", "--live", file}, &out, &messages)
	return code, out.String(), messages.String()
}

// A pid file that was left behind may name any process by now.
func TestLiveLooksAtNoOtherProcess(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		needtest.Elsewhere(t, "--live reads /proc")
	}
	other := exec.Command("sleep", "60")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Process.Kill(); _ = other.Wait() })
	dir := t.TempDir()
	file := filepath.Join(dir, "httpd.conf")
	for path, text := range map[string]string{file: "ServerRoot " + dir + "\nPidFile httpd.pid\n", dir + "/httpd.pid": fmt.Sprintln(other.Process.Pid)} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	code, stdout, stderr := auditLive(t, file)
	if code != exitFindings || stdout != "" || !strings.Contains(stderr, "sleep, so that it is no httpd") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

func TestLiveLooksAtTheServerOfTheFileAlone(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	s.Start("DefaultRuntimeDir " + os.TempDir() + "\n") // which the pid file is not in
	code, stdout, stderr := auditLive(t, s.Root+"/httpd.conf")
	if code != exitFine || !strings.Contains(stdout, "The running server is what its files say.") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	text, err := os.ReadFile(s.Root + "/httpd.conf")
	if err != nil {
		t.Fatal(err)
	}
	copied := s.Write("copy.conf", string(text))
	code, stdout, stderr = auditLive(t, copied)
	if code != exitFindings || stdout != "" || !strings.Contains(stderr, "and not with "+copied) {
		t.Errorf("of a copy: exit code %d\n%s%s", code, stdout, stderr)
	}
}
