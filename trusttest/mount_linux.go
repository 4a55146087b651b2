package trusttest

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/needtest"
)

// Mount mounts a file system on a folder, which is made, until the test is over.
// Only root can.
func Mount(t testing.TB, kind, target string, flags uintptr, options string) {
	t.Helper()
	needtest.Root(t)
	if err := os.MkdirAll(target, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(kind, target, kind, flags, options); err != nil {
		needtest.Missing(t, "mount %s: %v", kind, err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(target, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}
