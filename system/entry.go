package system

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// A Kind is what stands at a path.
type Kind string

// The kinds of an Entry.
const (
	Absent Kind = ""
	File   Kind = "file"
	Link   Kind = "link"
	Folder Kind = "folder"
	Other  Kind = "other" // a socket, a device: never written
)

// An Entry is what stands at a path, or shall stand there. The zero Entry is
// nothing at all.
type Entry struct {
	Kind   Kind        `json:"kind,omitempty"`
	Mode   fs.FileMode `json:"mode,omitempty"` // permissions of a file or folder
	UID    int         `json:"uid,omitempty"`
	GID    int         `json:"gid,omitempty"`
	Target string      `json:"target,omitempty"` // of a link, as it is written
	Digest string      `json:"digest,omitempty"` // SHA-256 of a file's content, in hexadecimal

	content []byte // of a file that has been read or is to be written
}

// NewFile is a file of the caller with this content.
func NewFile(content []byte, mode fs.FileMode) Entry {
	return Entry{Kind: File, Mode: mode, UID: os.Geteuid(), GID: os.Getegid(), Digest: digest(content), content: content}
}

// NewLink is a symbolic link to target.
func NewLink(target string) Entry { return Entry{Kind: Link, Target: target} }

// NewFolder is a folder of the caller.
func NewFolder(mode fs.FileMode) Entry {
	return Entry{Kind: Folder, Mode: mode, UID: os.Geteuid(), GID: os.Getegid()}
}

// ReadEntry gives what stands at path, without following a link there. A folder
// on the way that others could lead elsewhere is an error.
func ReadEntry(path string) (Entry, error) {
	held := folders{}
	defer held.close()
	return held.read(path)
}

// entryLimit bounds what is read of one file, in bytes. The largest are modules.
const entryLimit = 64 << 20

// readEntry gives what stands in a folder by that name.
func readEntry(folder *os.Root, name string) (Entry, error) {
	info, err := folder.Lstat(name)
	if isAbsent(err) {
		return Entry{}, nil
	}
	if err != nil {
		return Entry{}, err
	}
	entry := Entry{Mode: info.Mode().Perm()}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		entry.UID, entry.GID = int(owner.Uid), int(owner.Gid)
	}
	switch {
	case info.Mode().IsRegular():
		entry.Kind = File
		if entry.content, err = readRegular(folder, name, entryLimit); err != nil {
			return Entry{}, err
		}
		entry.Digest = digest(entry.content)
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := folder.Readlink(name)
		return NewLink(target), err
	case info.IsDir():
		entry.Kind = Folder
	default:
		entry.Kind = Other
	}
	return entry, nil
}

// Equal tells whether both are the same: kind, content, permissions, owner.
func (e Entry) Equal(other Entry) bool {
	return e.Kind == other.Kind && e.Mode == other.Mode && e.UID == other.UID && e.GID == other.GID &&
		e.Target == other.Target && e.Digest == other.Digest
}

// isEmpty tells that nothing of anybody's would be lost with it, such as a2enmod's notes.
func (e Entry) isEmpty() bool { return e.Kind == Absent || e.Kind == File && e.Digest == digest(nil) }

// String is the entry in a few words.
func (e Entry) String() string {
	switch e.Kind {
	case Absent:
		return "nothing"
	case Link:
		return "a link to " + e.Target
	case File:
		return fmt.Sprintf("a file of mode %04o", e.Mode)
	default:
		return "a " + string(e.Kind)
	}
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
