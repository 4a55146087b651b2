package system

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mount makes a small file system at a folder, until the test ends.
func mount(t *testing.T, folder, options string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a file system")
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, options); err != nil {
		t.Skipf("mount a small file system: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(folder, syscall.MNT_DETACH) })
}

func TestFullDiskPutsAllBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mount(t, dir, "size=256k,mode=755")
	first := map[string]Want{
		filepath.Join(dir, "etc/a"): {Entry: NewFile([]byte("a, old\n"), 0o644)},
		filepath.Join(dir, "etc/b"): {Entry: NewFile([]byte("b, old\n"), 0o644)},
	}
	os.Mkdir(filepath.Join(dir, "etc"), 0o755)
	if err := carry(openStore(t, dir), first, "apply", true); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, dir)
	refused := 0
	for size := 8 << 10; size <= 128<<10; size += 8 << 10 { // full in the store, beside the place, or not at all
		second := map[string]Want{
			filepath.Join(dir, "etc/a"): {Entry: NewFile([]byte("a, new\n"), 0o644)},
			filepath.Join(dir, "etc/b"): {Entry: NewFile(append(make([]byte, size), byte(size>>12)), 0o644), Rank: 1},
		}
		err := carry(openStore(t, dir), second, "apply", true)
		if err == nil {
			if err := carry(openStore(t, dir), first, "rollback", true); err != nil {
				t.Fatal(err)
			}
		} else if refused++; !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("size %d: %v", size, err)
		}
		if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
			t.Fatalf("size %d: tree differs (-before +after):\n%s", size, diff)
		}
		if pending, err := openStore(t, dir).Pending(); pending != nil || err != nil {
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
	wanted[filepath.Join(site, "z.conf")] = Want{Entry: NewFile([]byte("z\n"), 0o644), Rank: 9}
	if err := carry(openStore(t, dir), wanted, "apply", true); !errors.Is(err, syscall.EROFS) {
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
