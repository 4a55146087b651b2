package express

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"
)

// Write makes the folders and files. Each file is whole or not there; the
// folders of the application belong to it.
func (s *Setup) Write() error {
	if err := os.MkdirAll(filepath.Dir(s.Root), 0o755); err != nil {
		return fmt.Errorf("server root: %w", err)
	}
	// The root comes first. It was checked before it was there; now it is there.
	for i, folder := range s.Folders {
		if err := folder.make(s.uid, s.gid); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		if err := s.caller.checkRoot(s.Root); err != nil {
			return err
		}
	}
	// Side by side, since each waits for the disk.
	var group errgroup.Group
	for _, file := range s.Files {
		group.Go(file.write)
	}
	return group.Wait()
}

func (f Folder) make(uid, gid int) error {
	switch err := os.Mkdir(f.Path, f.Mode); {
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(f.Path, f.Mode); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
	case err != nil:
		return fmt.Errorf("make folder: %w", err)
	}
	if err := os.Chmod(f.Path, f.Mode); err != nil { // whatever the umask
		return fmt.Errorf("make folder: %w", err)
	}
	if f.App && os.Getuid() == 0 {
		if err := os.Lchown(f.Path, uid, gid); err != nil {
			return fmt.Errorf("give folder to the application: %w", err)
		}
	}
	return nil
}

func (f File) write() error {
	if f.Keep && exists(f.Path) || f.isWritten() {
		return nil
	}
	if err := renameio.WriteFile(f.Path, []byte(f.Text), f.Mode, renameio.IgnoreUmask()); err != nil {
		return fmt.Errorf("write %s: %w", f.Path, err)
	}
	return nil
}

// isWritten reports whether the file is there just as it would be written, as
// most are when a server is started again. One that others could change is
// written anew.
func (f File) isWritten() bool {
	info, err := os.Lstat(f.Path)
	if err != nil || info.Mode() != f.Mode || info.Size() != int64(len(f.Text)) || !ownedBySelf(info) {
		return false
	}
	text, err := os.ReadFile(f.Path)
	return err == nil && string(text) == f.Text
}

func ownedBySelf(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Getuid()
}
