//go:build unix

package detect

import (
	"io/fs"
	"os"
	"slices"
	"syscall"

	"github.com/wsgictl/wsgictl/trust"
)

// allows reports whether an account has the permission bits wanted on one
// file, by its access control list or its mode; unknown when the caller may
// not look at it.
func (t tree) allows(path string, who trust.Account, wanted int) (allowed, known bool) {
	info, err := os.Stat(t.At(path))
	if err != nil {
		return false, false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false, false
	}
	mode := int(info.Mode().Perm())
	if granted, found := trust.ReadAccessList(t.At(path)).Bits(who, int(owner.Uid), int(owner.Gid)); found {
		return granted&wanted == wanted, true
	}
	switch {
	case int(owner.Uid) == who.UID:
		mode >>= 6
	case slices.Contains(who.Groups, int(owner.Gid)):
		mode >>= 3
	}
	return mode&wanted == wanted, true
}

// ownerUID is whom a file belongs to.
func ownerUID(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}
