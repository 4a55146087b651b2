package hostfiles

import "golang.org/x/sys/unix"

func setAccessList(path string, value []byte) error {
	return unix.Setxattr(path, "system.posix_acl_access", value, 0)
}
