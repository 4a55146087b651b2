package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// isIn tells whether a thread of a process stands in a system call, with that
// first argument, unless it is empty.
func isIn(pid, number int, first string) bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", pid))
	if err != nil {
		return false
	}
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		words := strings.Fields(string(text))
		if err == nil && len(words) > 1 && words[0] == fmt.Sprint(number) && (first == "" || words[1] == first) {
			return true
		}
	}
	return false
}

// opensPipe tells whether a thread of a process waits for the other end of a
// named pipe that it opens.
func opensPipe(pid int) bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/wchan", pid))
	if err != nil {
		return false
	}
	for _, thread := range threads {
		if where, err := os.ReadFile(thread); err == nil && string(where) == "wait_for_partner" {
			return true
		}
	}
	return false
}

// descendantsOf are all processes that a process has started, and those that
// these have.
func descendantsOf(t *testing.T, pid int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children := map[int][]int{}
	for _, stat := range stats {
		var child, parent int
		var state string
		text, err := os.ReadFile(stat)
		_, rest, _ := strings.Cut(string(text), ") ")
		if err != nil {
			continue // it has ended
		}
		if _, err := fmt.Sscan(string(text), &child); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(rest, &state, &parent); err != nil {
			t.Fatal(err)
		}
		children[parent] = append(children[parent], child)
	}
	all := children[pid]
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// isGone tells that a process has ended, whether anybody has looked or not.
func isGone(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(text), ") ")
	return err != nil || strings.HasPrefix(rest, "Z")
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to this: %s", what)
		}
	}
}
