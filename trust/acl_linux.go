package trust

import "golang.org/x/sys/unix"

// accessListName is the attribute that holds it.
const accessListName = "system.posix_acl_access"

// maxAccessList bounds the attribute in bytes: some 8,000 entries, which is
// what ext4 and XFS can hold.
const maxAccessList = 1 << 16

// ReadAccessList reads the access control list of a file, if it has one.
func ReadAccessList(path string) AccessList {
	if size, err := unix.Getxattr(path, accessListName, nil); err != nil || size == 0 {
		return nil // as nearly always
	}
	buffer := make([]byte, maxAccessList)
	size, err := unix.Getxattr(path, accessListName, buffer)
	if err != nil {
		return nil
	}
	return parseAccessList(buffer[:size])
}
