package trust

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// OwnProgram is the file of this process, also where another one was put in its
// place.
func OwnProgram() (string, error) { return "/proc/self/exe", nil }

func setGID(gid int) error { return syscall.Setresgid(gid, gid, gid) }

func setUID(uid int) error { return syscall.Setresuid(uid, uid, uid) }

func rlimit(value uint64) unix.Rlimit { return unix.Rlimit{Cur: value, Max: value} }

// forsakePrivileges lets no program that is started from here gain any: by a
// set-user-ID bit, say. The kernel took the capabilities with the user id. The
// child ends with the wsgictl that started it.
func forsakePrivileges() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up new privileges: %w", err)
	}
	parent := os.Getppid()
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return fmt.Errorf("end with wsgictl: %w", err)
	}
	if os.Getppid() != parent {
		return fmt.Errorf("wsgictl has ended")
	}
	return nil
}
