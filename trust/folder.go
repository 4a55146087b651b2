//go:build unix

package trust

import (
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A Folder is an open folder of which many files are read, whoever can change
// them. It costs a third of the system calls of [OpenRegular] for each file, and
// is as harmless: nobody but root can make a device in it while it is looked at,
// and a FIFO is opened without waiting for a writer.
type Folder struct {
	path       string
	descriptor int
}

// OpenFolder opens a folder.
func OpenFolder(path string) (*Folder, error) {
	descriptor, err := unix.Open(path, lookOnly|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &Folder{path, descriptor}, nil
}

// Close closes the folder; files of it stay open.
func (f *Folder) Close() { _ = unix.Close(f.descriptor) }

// File is a regular file, open for reading.
type File struct {
	Size          int64  // bytes, when it was opened
	Device, Inode uint64 // which all its names have in common
	// RootAlone says that the file belongs to root, that nobody else may write to
	// it, and that no link led to it.
	RootAlone bool

	folder, name string
	descriptor   int
}

// Open opens a regular file, or what a link of that name leads to. A FIFO, a
// socket or a device is refused.
func (f *Folder) Open(name string) (File, error) {
	file := File{folder: f.path, name: name}
	var looked unix.Stat_t
	if err := unix.Fstatat(f.descriptor, name, &looked, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return File{}, file.failed("look at", err)
	}
	switch kind := looked.Mode & unix.S_IFMT; kind {
	case unix.S_IFREG:
	case unix.S_IFLNK:
		return file.followLink()
	default:
		return File{}, &NotRegular{Path: file.path(), Kind: kindName(uint32(kind))} //nolint:unconvert // 16 bits on some systems
	}
	descriptor, err := unix.Openat(f.descriptor, name, toReadHere, 0)
	if err != nil {
		return File{}, file.failed("open", err)
	}
	return file.opened(descriptor)
}

// OpenListed is [Folder.Open] of a name that the list of the folder has just called
// a regular file, which is a look at it like another.
func (f *Folder) OpenListed(name string) (File, error) {
	descriptor, err := unix.Openat(f.descriptor, name, toReadHere, 0)
	if err != nil {
		return f.Open(name) // it is another one by now, and tells what is wrong
	}
	file := File{folder: f.path, name: name}
	return file.opened(descriptor)
}

// toReadHere opens no link.
const toReadHere = unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_NOFOLLOW | unix.O_CLOEXEC

func (f File) followLink() (File, error) {
	target, err := OpenRegular(f.path())
	if err != nil {
		return File{}, err
	}
	defer target.Close()
	descriptor, err := unix.FcntlInt(target.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return File{}, f.failed("open", err)
	}
	opened, err := f.opened(descriptor)
	opened.RootAlone = false
	return opened, err
}

func (f File) opened(descriptor int) (File, error) {
	var stat unix.Stat_t
	err := unix.Fstat(descriptor, &stat)
	kind := stat.Mode & unix.S_IFMT
	switch {
	case err != nil:
		err = f.failed("look at", err)
	case kind != unix.S_IFREG:
		err = &NotRegular{Path: f.path(), Kind: kindName(uint32(kind))} //nolint:unconvert // 16 bits on some systems
	default:
		f.descriptor, f.Size = descriptor, stat.Size
		f.RootAlone = stat.Uid == 0 && stat.Mode&0o022 == 0
		f.Device, f.Inode = uint64(stat.Dev), uint64(stat.Ino) //nolint:unconvert // 32 bits on some systems
		return f, nil
	}
	_ = unix.Close(descriptor)
	return File{}, err
}

func (f File) path() string { return filepath.Join(f.folder, f.name) }

func (f File) failed(operation string, err error) error {
	return fmt.Errorf("%s %s: %w", operation, f.path(), err)
}

// Read reads on in the file; 0 bytes are its end.
func (f File) Read(into []byte) (int, error) {
	for {
		n, err := unix.Read(f.descriptor, into)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return 0, f.failed("read", err)
		}
		return n, nil
	}
}

// Close closes the file.
func (f File) Close() { _ = unix.Close(f.descriptor) }
