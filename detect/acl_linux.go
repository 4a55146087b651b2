package detect

import "golang.org/x/sys/unix"

// accessList reads the access control list of a file, if it has one.
func accessList(path string) acl {
	return parseACL(extendedAttribute(path, "system.posix_acl_access"))
}

// selinuxLabel gives the SELinux context of a file, such as
// "unconfined_u:object_r:user_home_t:s0"; empty where there is none.
func selinuxLabel(path string) string {
	value := extendedAttribute(path, "security.selinux")
	for len(value) > 0 && value[len(value)-1] == 0 {
		value = value[:len(value)-1]
	}
	return string(value)
}

func extendedAttribute(path, name string) []byte {
	buffer := make([]byte, 1024)
	size, err := unix.Getxattr(path, name, buffer)
	if err != nil {
		return nil
	}
	return buffer[:size]
}
