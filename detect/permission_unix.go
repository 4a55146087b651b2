//go:build unix

package detect

import (
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"syscall"
)

// allows reports whether an account has the permission bits wanted on one
// file, by its access control list or its mode; unknown when the caller may
// not look at it.
func (t tree) allows(path string, who account, wanted int) (allowed, known bool) {
	info, err := os.Stat(t.at(path))
	if err != nil {
		return false, false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false, false
	}
	mode := int(info.Mode().Perm())
	if granted, found := accessList(t.at(path)).bits(who, int(owner.Uid), int(owner.Gid)); found {
		return granted&wanted == wanted, true
	}
	switch {
	case int(owner.Uid) == who.uid:
		mode >>= 6
	case slices.Contains(who.groups, int(owner.Gid)):
		mode >>= 3
	}
	return mode&wanted == wanted, true
}

// ownerOf is the user id that a file belongs to; -1 where the system has none.
func ownerOf(info fs.FileInfo) int {
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(owner.Uid)
	}
	return -1
}

// runAs has a program started under an account, without the caller's groups.
func runAs(command *exec.Cmd, who account) {
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{
		Uid: uint32(who.uid), Gid: uint32(who.groups[0]), //nolint:gosec // ids of the system's accounts fit
	}}
}
