package system

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestDaemonProcessesOfAKilledApacheAreEnded kills an Apache whose daemon processes show the
// title of their group, and nothing else.
func TestDaemonProcessesOfAKilledApacheAreEnded(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	i.await("it answers", func() bool { status, _, err := i.get("hello.example.org"); return err == nil && status == 200 })
	pid, err := strconv.Atoi(strings.TrimSpace(i.read("run/apache2.pid")))
	if err != nil || pid <= 1 {
		t.Fatalf("process %d, %v", pid, err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(processesOf(i.root), showsATitle) {
		t.Error("no process that shows a title outlives Apache, which proves nothing")
	}
	endWhatIsLeft(t, i.root)
	if left := processesOf(i.root); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func showsATitle(pid int) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && strings.HasPrefix(string(line), "(wsgi:hello)")
}
