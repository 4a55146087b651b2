package detect

import "golang.org/x/sys/unix"

// selinuxLabel gives the SELinux context of a file, such as
// "unconfined_u:object_r:user_home_t:s0"; empty where there is none.
func selinuxLabel(path string) string {
	buffer := make([]byte, 1024)
	size, err := unix.Getxattr(path, "security.selinux", buffer)
	if err != nil {
		return ""
	}
	for size > 0 && buffer[size-1] == 0 {
		size--
	}
	return string(buffer[:size])
}
