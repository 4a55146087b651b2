package system

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/store"
)

// A package that switches the MPM in the files, as libapache2-mod-php does,
// leaves an Apache that stops at its next reload.
func TestReloadIsRefusedWhereTheMPMWasSwitched(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	i.useMPM("prefork")
	store := i.History
	i.Manager = i.manager(i.apps+"/../other", nil)
	i.History = store
	before, parent := i.tree(), i.RunningPID()
	err := i.apply(i.declare("6.1.1", "hello", "shop"))
	if err == nil || !strings.Contains(err.Error(), "runs with the event MPM, and its configuration now loads prefork") {
		t.Errorf("error %v", err)
	}
	i.unchanged(before)
	if i.RunningPID() != parent {
		t.Errorf("process %d, it was %d", i.RunningPID(), parent)
	}
	i.expect("hello", "6.1.1")
}

// An Apache that stops when it takes a configuration up is not waited for: the
// limit here is longer than a test may take.
func TestApacheThatStoppedIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.Limit = 24 * time.Hour
	if err := i.apply(i.declare("6.1.1", "old")); err != nil {
		t.Fatal(err)
	}
	before := i.tree()
	asked := false
	i.Report = func(text string) {
		if text == "ask the sites" && !asked {
			asked = true
			if err := i.kill(); err != nil {
				t.Error(err)
			}
		}
	}
	err := i.apply(i.declare("6.1.1", "old", "new"))
	if err == nil || !strings.HasPrefix(err.Error(), "Apache stopped when it took the configuration up") || !strings.Contains(err.Error(), "error.log ends with") {
		t.Errorf("error %v", err)
	}
	i.unchanged(before)
	i.expect("old", "6.1.1")
	i.clean()
}

// kill kills all processes of Apache, and waits until they are gone: each has its
// port.
func (i *instance) kill() error {
	parent, err := i.Process()
	if err != nil {
		return err
	}
	syscall.Kill(parent.PID, syscall.SIGSTOP) // so that it starts no more, once it has stopped
	for !isStopped(parent.PID) {
		if err := i.t.Context().Err(); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	processes := append(installed.Children(parent.PID), parent)
	for _, p := range processes {
		syscall.Kill(p.PID, syscall.SIGKILL)
	}
	gone := func() bool {
		return !slices.ContainsFunc(processes, installed.Process.IsRunning)
	}
	for !gone() {
		if err := i.t.Context().Err(); err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}

// isStopped tells whether a process is stopped by a signal, or gone (proc_pid_stat(5)).
func isStopped(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(text), ") ")
	return err != nil || strings.HasPrefix(state, "T") || strings.HasPrefix(state, "Z")
}

func (i *instance) unchanged(before map[string]store.PathState) {
	i.t.Helper()
	now := i.tree()
	for path, entry := range before {
		if !now[path].Equal(entry) {
			i.t.Errorf("%s: %v, and it was %v", path, now[path], entry)
		}
	}
	if len(now) != len(before) {
		i.t.Errorf("%d files, and there were %d", len(now), len(before))
	}
}
