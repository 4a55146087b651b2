package trusttest

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// Mount mounts a file system on a folder, which is made, until the test is over.
// It skips the test where nothing can be mounted, and fails it where all tests
// must run.
func Mount(t testing.TB, kind, target string, flags uintptr, options string) {
	t.Helper()
	if err := os.MkdirAll(target, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(kind, target, kind, flags, options); err != nil {
		if os.Getuid() == 0 && os.Getenv("WSGICTL_REQUIRE_HTTPD") != "" {
			t.Fatalf("mount %s: %v", kind, err)
		}
		t.Skipf("mount %s: %v", kind, err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(target, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}
