//go:build unix

package detect

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// processExists asks the kernel; a process of another user exists too.
func processExists(pid int) bool {
	err := unix.Kill(pid, 0)
	return err == nil || errors.Is(err, unix.EPERM)
}

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

// commandName reads the comm file of a process, as one line. os.ReadFile
// would make ten system calls where three do, for each process of the host.
func (t tree) commandName(dir string) string {
	fd, err := unix.Open(t.At(dir+"/comm"), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(fd)
	var name [64]byte // the kernel's own limit is 16
	n, err := unix.Read(fd, name[:])
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name[:n]))
}
