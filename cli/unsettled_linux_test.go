package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/system"
)

// interrupted leaves what a command does that was killed when all its changes were
// made, and gives the file that it changed.
func (h *testHost) interrupted() (changed string, unlock func()) {
	h.t.Helper()
	history, err := system.OpenHistory(h.path("state"), "1.0", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if unlock, err = history.Lock(h.t.Context(), nil); err != nil {
		h.t.Fatal(err)
	}
	changed = h.path("made.conf")
	changes := []store.Change{{Path: changed, After: store.NewFile([]byte("Listen 81\n"), 0o644)}}
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		_ = history.Carry(changes, system.Generation{Number: 1, Command: "apply", Time: time.Now()}, func() error {
			runtime.Goexit()
			return nil
		}, nil)
	}()
	<-killed
	return changed, unlock
}

// Whoever only looks changes nothing, and does not wait.
func TestCommandsThatLookLeaveAnInterruptedChangeAsItIs(t *testing.T) {
	t.Parallel()
	for _, locked := range []bool{false, true} {
		h := newTestHost(t)
		changed, unlock := h.interrupted()
		want := "apply of " + time.Now().Format(time.DateOnly)
		if locked {
			defer unlock()
		} else {
			unlock()
		}
		before := stateBelow(t, h.path("state"))
		for _, c := range []struct {
			words []string
			fails bool
		}{{[]string{"plan", "--file", h.write("wsgictl.toml", "venv = \""+h.venv("venv")+"\"\n")}, true}, {[]string{"status"}, true}, {[]string{"history"}, false}} {
			output, err := process(append(append([]string{"wsgictl"}, c.words...), h.apache()...)...).CombinedOutput()
			end := "1 of 1 changes made) was interrupted: the next wsgictl apply, rollback or remove puts back first what was there before\n"
			if locked {
				end = "1 of 1 changes made) is under way, and the lock is held by process "
			}
			if (err != nil) != c.fails || !strings.Contains(string(output), want) || !strings.Contains(string(output), end) {
				t.Errorf("%v: %v\n%s", c.words, err, output)
			}
			if diff := cmp.Diff(before, stateBelow(t, h.path("state"))); diff != "" || !intent.IsThere(changed) {
				t.Errorf("%v (-before +after):\n%s", c.words, diff)
			}
		}
	}
}

// A command that looks makes no folder for what it would remember.
func TestCommandsThatLookMakeNoStore(t *testing.T) {
	t.Parallel()
	h := newTestHost(t)
	for _, words := range [][]string{{"status"}, {"history"}} {
		if output, err := process(append(append([]string{"wsgictl"}, words...), h.apache()...)...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", words, err, output)
		}
	}
	if intent.IsThere(h.path("state")) {
		t.Error("there is a store")
	}
}

// stateBelow is the text of all files below a folder.
func stateBelow(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
