package store

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

// The kinds of a PathState.
const (
	Absent Kind = ""
	File   Kind = "file"
	Link   Kind = "link"
	Folder Kind = "folder"
	Other  Kind = "other" // a socket, a device: never written
)

// A PathState is what stands at a path, or shall stand there. The zero one is
// nothing at all.
type PathState struct {
	Kind   Kind        `json:"kind,omitempty"`
	Mode   fs.FileMode `json:"mode,omitempty"` // permissions of a file or folder
	UID    int         `json:"uid,omitempty"`
	GID    int         `json:"gid,omitempty"`
	Target string      `json:"target,omitempty"` // of a link, as it is written
	Digest string      `json:"digest,omitempty"` // SHA-256 of a file's content, in hexadecimal

	Content []byte `json:"-"` // of a file that has been read or is to be written; see [Store.Fill]
}

// NewFile is a file of the caller with this content.
func NewFile(content []byte, mode fs.FileMode) PathState {
	return PathState{Kind: File, Mode: mode, UID: os.Geteuid(), GID: os.Getegid(), Digest: Digest(content), Content: content}
}

// NewLink is a symbolic link to target.
func NewLink(target string) PathState { return PathState{Kind: Link, Target: target} }

// NewFolder is a folder of the caller.
func NewFolder(mode fs.FileMode) PathState {
	return PathState{Kind: Folder, Mode: mode, UID: os.Geteuid(), GID: os.Getegid()}
}

// WithContent is a file with another content; its owner and mode stay.
func (p PathState) WithContent(content string) PathState {
	p.Content, p.Digest = []byte(content), Digest([]byte(content))
	return p
}

// readLimit bounds what is read of one file, in bytes. The largest are modules.
const readLimit = 64 << 20

// readState gives what stands in a folder by that name.
func readState(folder *os.Root, name string) (PathState, error) {
	info, err := folder.Lstat(name)
	if IsAbsent(err) {
		return PathState{}, nil
	}
	if err != nil {
		return PathState{}, err
	}
	state := PathState{Mode: info.Mode().Perm()}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		state.UID, state.GID = int(owner.Uid), int(owner.Gid)
	}
	switch {
	case info.Mode().IsRegular():
		state.Kind = File
		if state.Content, err = ReadRegular(folder, name, readLimit); err != nil {
			return PathState{}, err
		}
		state.Digest = Digest(state.Content)
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := folder.Readlink(name)
		return NewLink(target), err
	case info.IsDir():
		state.Kind = Folder
	default:
		state.Kind = Other
	}
	return state, nil
}

// Equal tells whether both are the same: kind, content, permissions, owner.
func (p PathState) Equal(other PathState) bool {
	return p.Kind == other.Kind && p.Mode == other.Mode && p.UID == other.UID && p.GID == other.GID &&
		p.Target == other.Target && p.Digest == other.Digest
}

// IsEmpty tells that nothing of anybody's would be lost with it, such as a2enmod's notes.
func (p PathState) IsEmpty() bool {
	return p.Kind == Absent || p.Kind == File && p.Digest == Digest(nil)
}

// String is the state in a few words.
func (p PathState) String() string {
	switch p.Kind {
	case Absent:
		return "nothing"
	case Link:
		return "a link to " + p.Target
	case File:
		return fmt.Sprintf("a file of mode %04o", p.Mode)
	default:
		return "a " + string(p.Kind)
	}
}

// Digest is the SHA-256 of a file's content, in hexadecimal.
func Digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
