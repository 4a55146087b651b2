package hostfiles

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trust"
)

// entry is a file, folder or link by its name without links.
type entry struct {
	folder *entry // that it lies in; of / itself
	path   string
	known  bool // something is there, and the caller may look at it
	lacks  bool // nothing is there

	uid, gid int
	stMode   uint32 // st_mode
	target   string // of a link
	list     trust.AccessList
}

// slash is the folder that stands for /, which may be named by a link.
func (r *Rights) slash() *entry {
	if r.top == nil {
		r.top = &entry{path: "/"}
		r.top.folder = r.top
		r.top.read(r.root.At("/"), unix.Stat)
	}
	return r.top
}

// look looks at an entry of a folder.
func (r *Rights) look(folder *entry, name string) *entry {
	key := entryKey{folder, name}
	if known := r.seen[key]; known != nil {
		return known
	}
	found := &entry{folder: folder, path: strings.TrimSuffix(folder.path, "/") + "/" + name}
	r.seen[key] = found
	found.read(r.root.At(found.path), unix.Lstat)
	return found
}

// read takes what is known of a file; name is that of this machine.
func (e *entry) read(name string, look func(string, *unix.Stat_t) error) {
	var stat unix.Stat_t
	if err := look(name, &stat); err != nil {
		e.lacks = errors.Is(err, fs.ErrNotExist)
		return
	}
	e.known, e.uid, e.gid, e.stMode = true, int(stat.Uid), int(stat.Gid), uint32(stat.Mode) //nolint:unconvert // 16 bits on some systems
	if e.kind() != unix.S_IFLNK {
		e.list = trust.ReadAccessList(name)
		return
	}
	target, err := os.Readlink(name)
	e.target, e.known = target, err == nil
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
