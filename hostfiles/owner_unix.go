//go:build unix

package hostfiles

import (
	"io/fs"
	"syscall"
)

// OwnerOf is whom a file belongs to, and which group.
func OwnerOf(info fs.FileInfo) (uid, gid int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(stat.Uid), int(stat.Gid), true
}
