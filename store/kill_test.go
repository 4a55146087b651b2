package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/store/storetest"
	"github.com/wsgictl/wsgictl/trust"
)

// wanted is what stands below etc after the transaction: each kind of change.
var wanted = map[string]PathState{
	"changed":    NewFile([]byte("new\n"), 0o600),
	"made":       NewFile([]byte("made\n"), 0o644),
	"link":       NewLink("made"),
	"relinked":   NewLink("made"),
	"removed":    {},
	"new":        NewFolder(0o755),
	"new/inside": NewFile([]byte("inside\n"), 0o644),
	"gone/b":     {},
	"gone":       {},
}

// newTree lays what stands there before.
func newTree(t testing.TB, dir string) {
	t.Helper()
	etc := filepath.Join(dir, "etc")
	err := errors.Join(os.RemoveAll(etc), os.MkdirAll(filepath.Join(etc, "gone"), 0o755), os.Symlink("changed", filepath.Join(etc, "relinked")))
	for name, text := range map[string]string{"changed": "old\n", "removed": "removed\n", "gone/b": "b\n", "others": "not ours\n"} {
		err = errors.Join(err, os.WriteFile(filepath.Join(etc, name), []byte(text), 0o640))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// carry recovers, and carries the transaction out.
func carry(s *Store, dir string, holds, confined bool) error {
	unlock, err := s.Lock(context.Background(), nil)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := s.Recover(nil); err != nil {
		return err
	}
	var changes []Change
	for _, name := range []string{"changed", "made", "link", "relinked", "removed", "new", "new/inside", "gone/b", "gone"} {
		path := filepath.Join(dir, "etc", name)
		before, err := Read(path)
		if err != nil {
			return err
		}
		changes = append(changes, Change{Path: path, Before: before, After: wanted[name]})
	}
	return s.Carry(Transaction{What: "test", Changes: changes, Confined: confined}, func() error {
		if !holds {
			return errors.New("it does not hold")
		}
		return nil
	}, nil)
}

func openTest(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(filepath.Join(dir, "store"), Options{Trusted: trust.RootAndCaller(), Release: "1.0"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// recoverTest recovers as a next command does.
func recoverTest(t testing.TB, dir string) string {
	t.Helper()
	s := openTest(t, dir)
	unlock, err := s.Lock(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	done, err := s.Recover(nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// snapshot reads all that is below etc.
func snapshot(t testing.TB, dir string) map[string]PathState {
	t.Helper()
	tree := map[string]PathState{}
	err := filepath.WalkDir(filepath.Join(dir, "etc"), func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		state, err := Read(path)
		tree[path] = state
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// trees are those before and after the transaction.
func trees(t testing.TB, dir string) (before, after map[string]PathState) {
	t.Helper()
	newTree(t, dir)
	before = snapshot(t, dir)
	if err := carry(openTest(t, dir), dir, true, false); err != nil {
		t.Fatal(err)
	}
	after = snapshot(t, dir)
	newTree(t, dir)
	return before, after
}

func carryProcess(dir string, environment ...string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), append(environment, "WSGICTL_TEST_CARRY="+dir)...)
	return command
}

// isWhole holds that a tree is the one or the other, and that the store, which has
// nothing to remember, is gone.
func isWhole(t testing.TB, dir string, before, after map[string]PathState) {
	t.Helper()
	now := snapshot(t, dir)
	if cmp.Diff(before, now) != "" && cmp.Diff(after, now) != "" {
		t.Fatalf("neither before nor after (-before +now):\n%s", cmp.Diff(before, now))
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "store")); err == nil {
		t.Fatalf("the store is still there: %v", entries)
	}
}

func TestKilledBeforeAnyStepIsRecovered(t *testing.T) {
	t.Parallel()
	for _, fails := range []string{"", "1"} {
		for _, confined := range []string{"", "1"} {
			t.Run("fails="+fails+" confined="+confined, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				before, after := trees(t, dir)
				for step := 1; ; step++ {
					newTree(t, dir)
					output, err := carryProcess(dir, "WSGICTL_TEST_KILL_AT="+strconv.Itoa(step), "WSGICTL_TEST_FAIL="+fails, "WSGICTL_TEST_CONFINED="+confined).CombinedOutput()
					killed := err != nil && err.Error() == "signal: killed"
					if !killed && (err == nil) == (fails != "") {
						t.Fatalf("step %d: %v\n%s", step, err, output)
					}
					recoverTest(t, dir)
					isWhole(t, dir, before, after)
					if !killed {
						if step < 20 {
							t.Fatalf("only %d steps", step)
						}
						return
					}
				}
			})
		}
	}
}

func TestKilledAtRandomIsRecovered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before, after := trees(t, dir)
	storetest.KillAtRandom(t, storetest.Kills(50, 1000), func() *exec.Cmd {
		newTree(t, dir)
		return carryProcess(dir)
	}, func(bool) {
		recoverTest(t, dir)
		isWhole(t, dir, before, after)
	})
}
