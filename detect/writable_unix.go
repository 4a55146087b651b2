//go:build unix

package detect

import "golang.org/x/sys/unix"

// writable asks the kernel whether the caller may write in a folder.
func (t tree) writable(dir string) bool {
	return unix.Access(t.at(dir), unix.W_OK) == nil
}
