package trust

import "golang.org/x/sys/unix"

// maxAccessList bounds the attribute in bytes: some 8,000 entries, which is
// what ext4 and XFS can hold.
const maxAccessList = 1 << 16

// ReadAccessList reads the access control list of a file, if it has one.
func ReadAccessList(path string) AccessList {
	buffer := make([]byte, maxAccessList)
	size, err := unix.Getxattr(path, "system.posix_acl_access", buffer)
	if err != nil {
		return nil
	}
	return parseAccessList(buffer[:size])
}
