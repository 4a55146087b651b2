package system

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/store"
)

// A change is made in the very folder that was looked at, also where another one
// comes to stand at its path meanwhile.
func TestChangeStaysInTheFolderThatWasLookedAt(t *testing.T) {
	t.Parallel()
	for _, holds := range []bool{true, false} {
		dir := t.TempDir()
		etc, moved, other := filepath.Join(dir, "etc"), filepath.Join(dir, "moved"), filepath.Join(dir, "other")
		for _, folder := range []string{etc, other} {
			if err := os.Mkdir(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "a.conf"), []byte("old\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		before := readFolders(t, []string{other})
		exchanged := false
		history, err := OpenHistory(filepath.Join(dir, "store"), "1.0", func(step string) {
			if strings.HasPrefix(step, "put aside") && !exchanged {
				exchanged = true
				if err := os.Rename(etc, moved); err != nil {
					t.Error(err)
				}
				if err := os.Symlink(other, etc); err != nil {
					t.Error(err)
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		wanted := map[string]Want{filepath.Join(etc, "a.conf"): {PathState: store.NewFile([]byte("new\n"), 0o644), Replaces: true}}
		if err := carry(history, wanted, "apply", holds); (err == nil) != holds {
			t.Errorf("error %v", err)
		}
		if diff := cmp.Diff(before, readFolders(t, []string{other})); diff != "" || !exchanged {
			t.Errorf("the other folder is another one (-before +after):\n%s", diff)
		}
		want := map[bool]string{true: "new\n", false: "old\n"}[holds]
		if text, err := os.ReadFile(filepath.Join(moved, "a.conf")); err != nil || string(text) != want {
			t.Errorf("%q, error %v, want %q", text, err, want)
		}
		if entries, err := os.ReadDir(moved); err != nil || len(entries) != 1 {
			t.Errorf("left behind: %v, %v", entries, err)
		}
	}
}
