//go:build unix

package trust

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A Held file is a regular file that is to be replaced, with the folder that it
// lies in: both are held open, and nothing is done by path again. Whoever
// exchanges a folder or a link on the way meanwhile changes nothing of it.
type Held struct {
	Way
	folder *os.File
	name   string   // in the folder
	file   *os.File // what the folder had under that name: at first, or by Replace
}

// Hold goes to a regular file and holds it. It is Close's to let go of it.
func Hold(path string) (*Held, error) {
	w, err := walk(path)
	defer w.close()
	if err != nil {
		return nil, err
	}
	file, err := openLooked(w.file, w.Path, w.Real)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = file.Close()
		return nil, &NotRegular{Path: path, Kind: "a folder"}
	}
	held := &Held{Way: w.Way, folder: os.NewFile(uintptr(w.folder), filepath.Dir(w.Real)), name: filepath.Base(w.Real), file: file}
	w.folder = -1
	return held, nil
}

// Close lets go of the file and its folder.
func (h *Held) Close() {
	_ = h.file.Close()
	_ = h.folder.Close()
}

// Holds tells whether the file is still there under its name, and holds this
// text.
func (h *Held) Holds(text []byte) (bool, error) {
	if there, err := h.isThere(); !there || err != nil {
		return false, err
	}
	now := make([]byte, len(text)+1) // of a longer text no more is needed
	n, err := h.file.ReadAt(now, 0)
	if err != nil && err != io.EOF {
		return false, err
	}
	return bytes.Equal(now[:n], text), nil
}

// isThere tells whether the folder still has the file under its name.
func (h *Held) isThere() (bool, error) {
	var there, held unix.Stat_t
	err := unix.Fstatat(int(h.folder.Fd()), h.name, &there, unix.AT_SYMLINK_NOFOLLOW)
	if err == unix.ENOENT {
		return false, nil
	}
	if err != nil {
		return false, &os.PathError{Op: "stat", Path: h.Real, Err: err}
	}
	if err := unix.Fstat(int(h.file.Fd()), &held); err != nil {
		return false, &os.PathError{Op: "stat", Path: h.Real, Err: err}
	}
	return there.Dev == held.Dev && there.Ino == held.Ino, nil
}

// Replace writes text beside the file, with its owner and mode, and then in its
// place, so that a reader sees one or the other as a whole. The new file is held
// from then on. What else was put in its place since [Held.Holds] is lost.
func (h *Held) Replace(text []byte) error {
	beside, name, err := h.beside()
	if err != nil {
		return err
	}
	if err = h.fill(beside, text); err == nil {
		err = unix.Renameat(int(h.folder.Fd()), name, int(h.folder.Fd()), h.name)
	}
	if err != nil {
		_ = beside.Close()
		_ = unix.Unlinkat(int(h.folder.Fd()), name, 0)
		return &os.PathError{Op: "write", Path: h.Real, Err: err}
	}
	_ = h.file.Close()
	h.file = beside
	return nil
}

// beside makes a file in the folder, which nobody but the caller can open.
func (h *Held) beside() (file *os.File, name string, err error) {
	name = "." + h.name + "." + rand.Text()[:10]
	descriptor, err := unix.Openat(int(h.folder.Fd()), name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, "", &os.PathError{Op: "write beside", Path: h.Real, Err: err}
	}
	return os.NewFile(uintptr(descriptor), h.Real), name, nil
}

// fill gives a new file its text, and then the owner and mode of the file that
// it stands for.
func (h *Held) fill(beside *os.File, text []byte) error {
	if _, err := beside.Write(text); err != nil {
		return err
	}
	var old unix.Stat_t
	if err := unix.Fstat(int(h.file.Fd()), &old); err != nil {
		return err
	}
	if err := beside.Chown(int(old.Uid), int(old.Gid)); err != nil {
		return fmt.Errorf("keep its owner: %w", err)
	}
	if err := beside.Chmod(fs.FileMode(old.Mode & 0o777)); err != nil {
		return err
	}
	return beside.Sync()
}
