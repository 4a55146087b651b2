//go:build unix

package installed

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// exists asks the kernel; a process of another user exists too.
func exists(pid int) bool {
	err := unix.Kill(pid, 0)
	return err == nil || errors.Is(err, unix.EPERM)
}

// commandName reads the comm file of a process, as one line. os.ReadFile
// would make ten system calls where three do, for each process of the host.
func commandName(root hostfiles.Root, pid int) string {
	fd, err := unix.Open(root.At(fmt.Sprintf("/proc/%d/comm", pid)), unix.O_RDONLY|unix.O_CLOEXEC, 0)
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
