package system

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
		store, err := OpenStore(filepath.Join(dir, "store"), func(step string) {
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
		wanted := map[string]Want{filepath.Join(etc, "a.conf"): {Entry: NewFile([]byte("new\n"), 0o644), Replaces: true}}
		if err := carry(store, wanted, "apply", holds); (err == nil) != holds {
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

// What is exchanged while it is read gives its own content or an error: never
// that of where a link leads, and no end of waiting for a FIFO.
func TestFileThatIsExchangedWhileItIsReadGivesNothingElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"secret": "secret", "hers": "hers"} {
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("secret", at("link")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(at("fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	exchanging := make(chan struct{})
	go func() {
		defer close(exchanging)
		for n := 0; ; n++ {
			select {
			case <-over:
				return
			default:
			}
			// A second name of the file, then the link, then the FIFO.
			_ = os.Link(at([]string{"hers", "link", "fifo"}[n%3]), at("next"))
			_ = os.Rename(at("next"), at("read"))
			_ = os.Remove(at("next")) // which a rename to another name of the same file leaves
		}
	}()
	defer func() { close(over); <-exchanging }()
	folder, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	read := 0
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		entry, err := readEntry(folder, "read")
		if string(entry.content) == "secret" {
			t.Fatal("it gives where the link leads")
		}
		if err == nil && string(entry.content) == "hers" {
			read++
		}
	}
	t.Logf("read %d times", read)
	if text, err := readRegular(folder, "hers", 3); err == nil {
		t.Errorf("more than the limit is read: %q", text)
	}
}
