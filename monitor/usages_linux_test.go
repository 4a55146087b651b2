package monitor

import (
	"os/exec"
	"slices"
	"testing"
	"time"
)

// TestUsagesTellWhoIsGone has a process exit that the kernel knew, and asks about one
// that it never showed: who hides processes from the monitor does not end them.
func TestUsagesTellWhoIsGone(t *testing.T) {
	t.Parallel()
	command := exec.Command("sleep", "1000")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	pid, hidden := command.Process.Pid, 1<<30
	u, now := newUsages(), time.Now()
	if gone := u.look([]int{pid, hidden}, now); len(gone) != 0 || u.of(pid) == nil || u.of(pid).PSS == nil || u.of(hidden) != nil {
		t.Fatalf("%v, %+v, %+v", gone, u.of(pid), u.of(hidden))
	}
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if gone := u.look([]int{pid, hidden}, now); len(gone) != 0 || u.of(pid) != nil {
		t.Errorf("before its last words can be there: %v, %+v", gone, u.of(pid))
	}
	if gone := u.look([]int{pid, hidden}, now); !slices.Equal(gone, []int{pid}) {
		t.Errorf("%v", gone)
	}
}
