//go:build darwin || freebsd

package detect

import "golang.org/x/sys/unix"

// NoExec reports whether a path is on a file system from which nothing can be
// executed or loaded (mount(8), noexec).
func NoExec(path string) bool {
	var fs unix.Statfs_t
	return unix.Statfs(path, &fs) == nil && uint64(fs.Flags)&unix.MNT_NOEXEC != 0
}
