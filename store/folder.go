package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/wsgictl/wsgictl/trust"
)

// folders holds those folders open in which files are read and changed, so that
// all steps of a change are made in the very folder that was looked at.
type folders struct {
	open func(dir string) (*os.Root, error)
	held map[string]*os.Root
}

func newFolders(open func(dir string) (*os.Root, error)) folders {
	return folders{open, map[string]*os.Root{}}
}

// Read gives what stands at a path, without following a link there. A folder on
// the way that others than root and the caller could lead elsewhere is an error.
func Read(path string) (PathState, error) {
	held := newFolders(trust.RootAndCaller().OpenRoot)
	defer held.close()
	return held.read(path)
}

// Read is the function of that name for whom the store trusts.
func (s *Store) Read(path string) (PathState, error) {
	held := newFolders(s.Trusted.OpenRoot)
	defer held.close()
	return held.read(path)
}

// ReadConfined is Read for files in folders of others, too, as
// [Transaction.Confined] has them changed.
func ReadConfined(path string) (PathState, error) {
	held := newFolders(trust.OpenConfined)
	defer held.close()
	return held.read(path)
}

// of gives the folder that holds a path, and the path's name in it. A folder
// that others could lead elsewhere is refused.
func (f folders) of(path string) (*os.Root, string, error) {
	dir, name := filepath.Dir(path), filepath.Base(path)
	if held, known := f.held[dir]; known {
		return held, name, nil
	}
	held, err := f.open(dir)
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		return nil, "", fmt.Errorf("nothing is written to a folder that others can change: %w; give it to root, and let nobody else write to it (chmod go-w)", err)
	}
	if err != nil {
		return nil, "", err
	}
	f.held[dir] = held
	return held, name, nil
}

func (f folders) close() {
	for dir, held := range f.held {
		_ = held.Close()
		delete(f.held, dir)
	}
}

// read gives what stands at a path, without following a link there.
func (f folders) read(path string) (PathState, error) {
	folder, name, err := f.of(path)
	if IsAbsent(err) {
		return PathState{}, nil
	}
	if err != nil {
		return PathState{}, err
	}
	return readState(folder, name)
}

// IsAbsent tells that there is nothing at a path.
func IsAbsent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// remove removes a file, a link, or an empty folder. A folder that holds other
// people's files stays.
func (f folders) remove(path string) error {
	folder, name, err := f.of(path)
	if err == nil {
		err = folder.Remove(name)
	}
	if IsAbsent(err) || errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, syscall.EEXIST) {
		return nil
	}
	return err
}

// rename gives a file or link the name of another one of its folder.
func (f folders) rename(from, to string) error {
	folder, name, err := f.of(from)
	if err != nil {
		return err
	}
	return folder.Rename(name, filepath.Base(to))
}

// sync brings the names in the folder of a path to disk.
func (f folders) sync(path string) error {
	folder, _, err := f.of(path)
	if err != nil {
		return err
	}
	return syncFolder(folder, ".")
}

// syncFolder brings the names in a folder to disk. Some file systems cannot,
// which is no reason to give up.
func syncFolder(root *os.Root, name string) error {
	file, err := root.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}

// ReadRegular reads a regular file of a folder, of at most limit bytes. What
// is put in its place meanwhile, such as a link or a FIFO, is not read.
func ReadRegular(folder *os.Root, name string, limit int64) ([]byte, error) {
	path := filepath.Join(folder.Name(), name)
	looked, err := folder.Lstat(name)
	if err != nil {
		return nil, err
	}
	file, err := folder.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() || !os.SameFile(looked, info) {
		return nil, fmt.Errorf("%s: another file was put in its place while it was looked at", path)
	}
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = &trust.TooLarge{Path: path, Limit: limit}
	}
	return content, err
}
