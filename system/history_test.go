package system

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContentThatNoGenerationHasIsForgotten after a change that did not hold, and after
// one that was interrupted: nothing of these is kept in the store.
func TestContentThatNoGenerationHasIsForgotten(t *testing.T) {
	t.Parallel()
	dir, _, _ := newFolder(t)
	kept := func() []string {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(dir, "store/objects/*"))
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	history := openHistory(t, dir)
	all, err := history.Generations()
	if err != nil {
		t.Fatal(err)
	}
	needed := map[string]bool{}
	for _, g := range all {
		for _, file := range g.files() {
			if file.Digest != "" {
				needed[filepath.Join(dir, "store/objects", file.Digest)] = true
			}
		}
	}
	before := slices.Sorted(maps.Keys(needed))
	if diff := cmp.Diff(before, kept()); diff != "" {
		t.Fatalf("at first (-needed +kept):\n%s", diff)
	}
	edited := below(dir, etcWanted) // files of others that no generation has
	path := filepath.Join(dir, "etc/sites/foreign")
	if err := os.WriteFile(path, []byte("edited\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := carry(history, edited, "apply", false); err == nil {
		t.Fatal("it holds")
	}
	if diff := cmp.Diff(before, kept()); diff != "" {
		t.Errorf("after a change that did not hold (-needed +kept):\n%s", diff)
	}
	for step := 12; step < 16; step++ {
		if output, err := carryProcess(dir, "WSGICTL_TEST_KILL_AT="+strconv.Itoa(step)).CombinedOutput(); err == nil || err.Error() != "signal: killed" {
			t.Fatalf("%v\n%s", err, output)
		}
		if done, err := history.Recover(func() error { return nil }); err != nil || done == "" {
			t.Fatalf("recover: %q, %v", done, err)
		}
		if diff := cmp.Diff(before, kept()); diff != "" {
			t.Errorf("after one that was killed before step %d (-needed +kept):\n%s", step, diff)
		}
	}
}
