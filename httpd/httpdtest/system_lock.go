package httpdtest

import (
	"os"
	"syscall"
	"testing"
)

// LockSystem lets one test at a time, of whatever package, change the system's
// Apache, and none that looks at its files by ShareSystem meanwhile.
func LockSystem(t testing.TB) {
	t.Helper()
	lockSystem(t, syscall.LOCK_EX)
}

// ShareSystem keeps the system's Apache as it is until the test ends.
func ShareSystem(t testing.TB) {
	t.Helper()
	lockSystem(t, syscall.LOCK_SH)
}

func lockSystem(t testing.TB, how int) {
	t.Helper()
	file, err := os.OpenFile("/run/lock/wsgictl-test-system", os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		t.Fatal(err)
	}
}
