//go:build unix

package detect

import (
	"golang.org/x/sys/unix"
)

// writable asks the kernel whether the caller may write in a folder.
func (t tree) writable(dir string) bool {
	return unix.Access(t.At(dir), unix.W_OK) == nil
}

// machine names the processor as uname(2) does, "x86_64"; empty where that
// fails.
func machine() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return ""
	}
	return unix.ByteSliceToString(name.Machine[:])
}
