package trust

import (
	"context"
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A command, its child, and a grandchild in a session of its own, which keeps
// the output open.
const family = `sleep 600 & echo $!; setsid sh -c 'echo $$; echo; exec sleep 600' & wait`

func TestEndOfAContextEndsAWholeCommand(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	command := exec.CommandContext(ctx, "sh", "-c", family)
	EndWhole(command)
	output := &watched{until: "\n\n", seen: cancel}
	command.Stdout = output
	if err := command.Run(); err == nil {
		t.Error("it ended by itself")
	}
	pids := strings.Fields(output.String())
	if len(pids) != 2 {
		t.Fatalf("%q", output.String())
	}
	child, err := strconv.Atoi(pids[0])
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); !isGone(child); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("its child lives on")
		}
	}
	if outsider, err := strconv.Atoi(pids[1]); err == nil {
		_ = syscall.Kill(outsider, syscall.SIGKILL) // it was not waited for
	}
}

func isGone(pid int) bool {
	out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	var exit *exec.ExitError
	return errors.As(err, &exit) || err == nil && strings.HasPrefix(string(out), "Z")
}

// watched calls seen when a text has been written.
type watched struct {
	strings.Builder
	until string
	seen  func()
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Builder.Write(p)
	if strings.Contains(w.String(), w.until) {
		w.seen()
	}
	return n, err
}
