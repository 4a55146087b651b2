//go:build unix

package detect

import (
	"errors"

	"golang.org/x/sys/unix"
)

// processExists asks the kernel; a process of another user exists too.
func processExists(pid int) bool {
	err := unix.Kill(pid, 0)
	return err == nil || errors.Is(err, unix.EPERM)
}

// writable asks the kernel whether the caller may write in a folder.
func (t tree) writable(dir string) bool {
	return unix.Access(t.at(dir), unix.W_OK) == nil
}
