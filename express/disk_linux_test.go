package express_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestFullDiskLeavesTheServerRootAsItWas: Apache would read one of which half is
// new.
func TestFullDiskLeavesTheServerRootAsItWas(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	disk := filepath.Join(a.Dir, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	needtest.Root(t)
	if err := syscall.Mount("none", disk, "tmpfs", 0, "size=256k,mode=755"); err != nil {
		needtest.Missing(t, "mount: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	a.Root = filepath.Join(disk, "root")
	if err := a.plan(t, nil).Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := contents(t, a.Root)
	fill := filepath.Join(disk, "fill")
	if err := os.WriteFile(fill, make([]byte, 1<<20), 0o644); err == nil {
		t.Fatal("the disk is not full")
	}
	if err := os.Truncate(fill, fileSize(t, fill)-4096); err != nil { // room for one file, and not for all
		t.Fatal(err)
	}
	changed := a.plan(t, []string{"--server-status", "--port", "18000", "--mount-point", "/other"})
	if err := changed.Write(t.Context()); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, contents(t, a.Root)); diff != "" {
		t.Errorf("the server root is another one (-before +after):\n%s", diff)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	if err := changed.Write(t.Context()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, contents(t, a.Root)); diff == "" {
		t.Error("nothing was to be changed, so that the test says nothing")
	}
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
