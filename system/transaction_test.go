package system

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

func TestFailedVerificationPutsAllBack(t *testing.T) {
	t.Parallel()
	dir, before, _ := newFolder(t)
	reloads := 0
	history := openHistory(t, dir)
	current, _ := history.Current()
	difference, err := Compare(below(dir, etcWanted), current.Managed)
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("site does not answer")
	err = history.Carry(difference.Changes, Generation{Number: current.Number + 1}, func() error { return refused }, func() error { reloads++; return nil })
	if !errors.Is(err, refused) || reloads != 1 {
		t.Errorf("error %v, %d reloads", err, reloads)
	}
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Errorf("tree differs (-before +after):\n%s", diff)
	}
}

func TestFolderThatOthersCanWriteToIsRefused(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(dir string) (folder string){
		"mode": func(dir string) string {
			os.Mkdir(filepath.Join(dir, "open"), 0o755)
			os.Chmod(filepath.Join(dir, "open"), 0o777)
			return filepath.Join(dir, "open")
		},
		"folder above": func(dir string) string {
			os.MkdirAll(filepath.Join(dir, "open/inner"), 0o755)
			if os.Chown(filepath.Join(dir, "open"), -1, 65534) != nil || os.Chmod(filepath.Join(dir, "open"), 0o775) != nil {
				return ""
			}
			return filepath.Join(dir, "open/inner")
		},
		"owner": func(dir string) string {
			os.Mkdir(filepath.Join(dir, "theirs"), 0o755)
			if os.Chown(filepath.Join(dir, "theirs"), 65534, 65534) != nil {
				return ""
			}
			return filepath.Join(dir, "theirs")
		},
		"link": func(dir string) string {
			os.Mkdir(filepath.Join(dir, "real"), 0o755)
			os.Symlink("real", filepath.Join(dir, "link"))
			if os.Lchown(filepath.Join(dir, "link"), 65534, 65534) != nil {
				return ""
			}
			return filepath.Join(dir, "link")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			folder := prepare(dir)
			if folder == "" {
				needtest.Root(t)
			}
			path := filepath.Join(folder, "a.conf")
			err := carry(openHistory(t, dir), map[string]Want{path: {PathState: store.NewFile([]byte("a\n"), 0o644)}}, "apply", true)
			if err == nil || !errors.As(err, new(*trust.Untrusted)) {
				t.Errorf("error %v", err)
			}
			if entry, _ := store.Read(path); entry.Kind != store.Absent {
				t.Errorf("%s was written", path)
			}
		})
	}
}

func TestCompareNamesWhatAPersonMadeOrEdited(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	file := func(text string) store.PathState { return store.NewFile([]byte(text), 0o644) }
	for name, text := range map[string]string{"made": "theirs", "edited": "edited", "kept": "old", "same": "new", "ended": "edited"} {
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old := Managed{Want: Want{PathState: file("old")}}
	wanted := map[string]Want{}
	for _, name := range []string{"made", "edited", "kept", "same", "removed"} {
		wanted[at(name)] = Want{PathState: file("new")}
	}
	difference, err := Compare(wanted, map[string]Managed{at("edited"): old, at("kept"): old, at("removed"): old, at("ended"): old})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, conflict := range difference.Conflicts {
		got[filepath.Base(conflict.Path)] = conflict.Edited
	}
	if diff := cmp.Diff(map[string]bool{"made": false, "edited": true, "ended": true}, got); diff != "" {
		t.Errorf("conflicts (-want +got):\n%s", diff)
	}
	var changed []string
	for _, change := range difference.Changes {
		changed = append(changed, filepath.Base(change.Path))
	}
	if diff := cmp.Diff([]string{"edited", "kept", "made", "removed", "ended"}, changed); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestChangeOfSomebodyElseDuringTheTransactionStays(t *testing.T) {
	t.Parallel()
	dir, _, _ := newFolder(t)
	site := filepath.Join(dir, "etc/sites/s.conf")
	history := openHistory(t, dir)
	current, _ := history.Current()
	difference, err := Compare(below(dir, etcWanted), current.Managed)
	if err != nil {
		t.Fatal(err)
	}
	err = history.Carry(difference.Changes, Generation{Number: current.Number + 1}, func() error {
		os.WriteFile(site, []byte("theirs\n"), 0o644)
		return errors.New("does not hold")
	}, func() error { return nil })
	if err == nil || !strings.Contains(err.Error(), site) {
		t.Errorf("error %v does not name %s", err, site)
	}
	if text, _ := os.ReadFile(site); string(text) != "theirs\n" {
		t.Errorf("%s: %q", site, text)
	}
	if pending, err := history.Pending(); pending != nil || err != nil {
		t.Errorf("journal %v, error %v", pending, err)
	}
}

func TestSecondWaitsForTheLockAndSaysWhoHoldsIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	unlock, err := openHistory(t, dir).Lock(t.Context(), func(string) { t.Error("the first had to wait") })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	holder := ""
	if _, err := openHistory(t, dir).Lock(ctx, func(who string) { holder = who; cancel() }); err == nil || !strings.Contains(err.Error(), "stopped while it waited for another one") {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(holder, "process ") {
		t.Errorf("holder %q", holder)
	}
	time.AfterFunc(100*time.Millisecond, unlock)
	if _, err := openHistory(t, dir).Lock(t.Context(), func(string) {}); err != nil {
		t.Error(err)
	}
}
