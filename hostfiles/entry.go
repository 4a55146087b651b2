package hostfiles

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trust"
)

// entry is a file, folder or link by its name without links.
type entry struct {
	folder *entry // that it lies in; of / itself
	path   string
	first  *entry // of what was looked at in it: the only one of most, which lead to one script

	reading sync.Once
	known   bool // something is there, and the caller may look at it
	lacks   bool // nothing is there

	stMode   uint32 // st_mode
	uid, gid uint32
	target   string // of a link

	listing sync.Once
	list    trust.AccessList // of a file or folder
}

// entryKey is the name of an entry in its folder.
type entryKey struct {
	folder *entry
	name   string
}

// newTop is the folder that stands for /, which may be named by a link.
func newTop(root Root) *entry {
	var stat unix.Stat_t
	err := unix.Stat(root.At("/"), &stat)
	top := &entry{path: "/"}
	top.folder = top
	top.reading.Do(func() { top.note(stat, err) })
	return top
}

// look looks at an entry of a folder.
func (r *Rights) look(folder *entry, name string) *entry {
	e := r.entryOf(folder, name)
	e.reading.Do(func() { e.read(r.root.At(e.path)) })
	return e
}

// entryOf is the entry of a folder that has a name.
func (r *Rights) entryOf(folder *entry, name string) *entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := folder.first
	if first != nil && first.name() == name {
		return first
	}
	key := entryKey{folder, name}
	if e := r.seen[key]; e != nil {
		return e
	}
	e := &entry{folder: folder, path: strings.TrimSuffix(folder.path, "/") + "/" + name}
	if first == nil {
		folder.first = e
	} else {
		r.seen[key] = e
	}
	return e
}

// name is that in the folder.
func (e *entry) name() string { return e.path[strings.LastIndexByte(e.path, '/')+1:] }

// read takes what is known of a file; name is that of this machine.
func (e *entry) read(name string) {
	var stat unix.Stat_t
	err := unix.Lstat(name, &stat)
	if e.note(stat, err); e.kind() == unix.S_IFLNK {
		target, err := os.Readlink(name)
		e.target, e.known = target, err == nil
	}
}

// note takes what stat tells.
func (e *entry) note(stat unix.Stat_t, err error) {
	if err != nil {
		e.lacks = errors.Is(err, fs.ErrNotExist)
		return
	}
	e.known, e.uid, e.gid, e.stMode = true, stat.Uid, stat.Gid, uint32(stat.Mode) //nolint:unconvert // 16 bits on some systems
}

// listOf is the access control list of a folder or file, which is read where it decides.
func (r *Rights) listOf(e *entry) trust.AccessList {
	e.listing.Do(func() { e.list = trust.ReadAccessList(r.root.At(e.path)) })
	return e.list
}

func (e *entry) kind() uint32 { return e.stMode & unix.S_IFMT }

func (e *entry) isFolder() bool { return e.kind() == unix.S_IFDIR }

// mode is that which people know from ls.
func (e *entry) mode() fs.FileMode {
	mode := fs.FileMode(e.stMode & 0o777)
	for _, of := range []struct {
		bits uint32
		mode fs.FileMode
	}{{unix.S_ISUID, fs.ModeSetuid}, {unix.S_ISGID, fs.ModeSetgid}, {unix.S_ISVTX, fs.ModeSticky}} {
		if e.stMode&of.bits != 0 {
			mode |= of.mode
		}
	}
	if e.isFolder() {
		mode |= fs.ModeDir
	}
	return mode
}
