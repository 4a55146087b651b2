package system

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/store"
)

// mount makes a small file system at a folder, until the test ends.
func mount(t testing.TB, folder, options string) {
	t.Helper()
	needtest.Root(t)
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, options); err != nil {
		needtest.Missing(t, "mount a small file system: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(folder, syscall.MNT_DETACH) })
}

func TestFullDiskPutsAllBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mount(t, dir, "size=256k,mode=755")
	first := map[string]Want{
		filepath.Join(dir, "etc/a"): {PathState: store.NewFile([]byte("a, old\n"), 0o644)},
		filepath.Join(dir, "etc/b"): {PathState: store.NewFile([]byte("b, old\n"), 0o644)},
	}
	os.Mkdir(filepath.Join(dir, "etc"), 0o755)
	if err := carry(openHistory(t, dir), first, "apply", true); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, dir)
	refused := 0
	for size := 8 << 10; size <= 128<<10; size += 8 << 10 { // full in the store, beside the place, or not at all
		second := map[string]Want{
			filepath.Join(dir, "etc/a"): {PathState: store.NewFile([]byte("a, new\n"), 0o644)},
			filepath.Join(dir, "etc/b"): {PathState: store.NewFile(append(make([]byte, size), byte(size>>12)), 0o644), Rank: 1},
		}
		err := carry(openHistory(t, dir), second, "apply", true)
		if err == nil {
			if err := carry(openHistory(t, dir), first, "rollback", true); err != nil {
				t.Fatal(err)
			}
		} else if refused++; !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("size %d: %v", size, err)
		}
		if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
			t.Fatalf("size %d: tree differs (-before +after):\n%s", size, diff)
		}
		if pending, err := openHistory(t, dir).Pending(); pending != nil || err != nil {
			t.Fatalf("size %d: journal %v, error %v", size, pending, err)
		}
	}
	if refused == 0 {
		t.Error("the disk was never full")
	}
}

func TestFolderThatCannotBeWrittenToPutsAllBack(t *testing.T) {
	t.Parallel()
	dir, before, _ := newFolder(t)
	site := filepath.Join(dir, "etc/late")
	if err := os.Mkdir(site, 0o755); err != nil {
		t.Fatal(err)
	}
	mount(t, site, "mode=755")
	if err := syscall.Mount("", site, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	wanted := below(dir, etcWanted)
	wanted[filepath.Join(site, "z.conf")] = Want{PathState: store.NewFile([]byte("z\n"), 0o644), Rank: 9}
	if err := carry(openHistory(t, dir), wanted, "apply", true); !errors.Is(err, syscall.EROFS) {
		t.Errorf("error %v", err)
	}
	syscall.Unmount(site, syscall.MNT_DETACH)
	if err := os.Remove(site); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Errorf("tree differs (-before +after):\n%s", diff)
	}
}

// A disk that is full, or a folder that cannot be written to, leaves Apache
// serving what it served, and nothing for a next command to repair.
func TestFailureOfTheDiskLeavesApacheServing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		folder func(i *instance) string
		full   bool // else it is read-only
		fails  error
	}{
		"the store is full":                  {func(i *instance) string { return i.History.Path() }, true, syscall.ENOSPC},
		"the store is read-only":             {func(i *instance) string { return i.History.Path() }, false, syscall.EROFS},
		"the folder of sites is full":        {func(i *instance) string { return filepath.Join(i.root, "sites-available") }, true, syscall.ENOSPC},
		"the folder of links is read-only":   {func(i *instance) string { return filepath.Join(i.root, "sites-enabled") }, false, syscall.EROFS},
		"the folder of daemons is read-only": {func(i *instance) string { return filepath.Join(i.root, "conf-available") }, false, syscall.EROFS},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			if err := i.apply(i.declare("6.1.1", "old")); err != nil {
				t.Fatal(err)
			}
			i.spoilFolder(c.folder(i), c.full)
			before := i.tree()
			if err := i.apply(i.declare("6.1.1", "old", "new")); !errors.Is(err, c.fails) {
				t.Errorf("error %v; want %v", err, c.fails)
			}
			if diff := cmp.Diff(before, i.tree()); diff != "" {
				t.Errorf("the files differ (-before +after):\n%s", diff)
			}
			i.expect("old", "6.1.1")
			i.clean()
			if plan, err := i.Plan(i.declare("6.1.1", "old"), Refuse); err != nil || !plan.IsEmpty() {
				t.Errorf("the next command: error %v, changes %v", err, plan)
			}
		})
	}
}

// spoilFolder puts a small file system with the same files over a folder, and
// fills it or makes it read-only.
func (i *instance) spoilFolder(folder string, full bool) {
	i.t.Helper()
	copied := folder + ".copy"
	i.copyTree(folder, copied)
	mount(i.t, folder, "size=16m,mode=755")
	i.copyTree(copied+"/.", folder)
	if err := os.RemoveAll(copied); err != nil {
		i.t.Fatal(err)
	}
	if !full {
		if err := syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			i.t.Fatal(err)
		}
		return
	}
	if err := os.WriteFile(filepath.Join(folder, "filler"), make([]byte, 32<<20), 0o644); !errors.Is(err, syscall.ENOSPC) {
		i.t.Fatalf("fill the disk: %v", err)
	}
}

// Where nothing could be written Apache is not reloaded, and a store that cannot be
// written to any more is still read.
func TestDiskThatTurnedReadOnlyKeepsNobodyFromLooking(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mount(t, dir, "mode=755")
	etc := filepath.Join(dir, "etc")
	if err := os.Mkdir(etc, 0o755); err != nil {
		t.Fatal(err)
	}
	mount(t, etc, "mode=755")
	readOnly := func(folder string) {
		if err := syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
	}
	readOnly(etc)
	history := openHistory(t, dir)
	nothing := func() error { return nil }
	if err := history.Carry(nil, Generation{Number: 1}, nothing, nothing); err != nil {
		t.Fatal(err)
	}
	changes := []store.Change{{Path: filepath.Join(etc, "a"), After: store.NewFile([]byte("a\n"), 0o644)}}
	err := history.Carry(changes, Generation{Number: 2}, nothing, func() error {
		t.Error("Apache is reloaded, and there is nothing new")
		return nil
	})
	if !errors.Is(err, syscall.EROFS) {
		t.Errorf("error %v", err)
	}
	unlock, err := history.Lock(t.Context(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	readOnly(dir)
	if unlock, err = openHistory(t, dir).Lock(t.Context(), func(string) {}); err != nil {
		t.Fatal(err)
	}
	unlock()
}
