//go:build unix && !linux

package trust

import (
	"os"
	"syscall"
)

func OwnProgram() (string, error) { return os.Executable() }

func setGID(gid int) error { return syscall.Setgid(gid) } // of root: all three ids

func setUID(uid int) error { return syscall.Setuid(uid) }

// forsakePrivileges has no words here for what Linux calls no_new_privs.
func forsakePrivileges() error { return nil }
