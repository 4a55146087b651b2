package express

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"golang.org/x/sync/errgroup"
)

// Write makes the folders and files. Each file is whole or not there; the
// folders of the application belong to it.
func (s *Setup) Write() error {
	root, err := s.openRoot()
	if err != nil {
		return err
	}
	defer root.Close()
	for _, folder := range s.Folders {
		if err := s.makeFolder(folder); err != nil {
			return fmt.Errorf("make folder %s: %w", folder.Path, err)
		}
	}
	if err := s.check(); err != nil {
		return err
	}
	return s.writeFiles(root)
}

// openRoot makes the server root where it is not there, and holds it open. It
// was checked before it was there; now it is there.
func (s *Setup) openRoot() (*os.Root, error) {
	root, _, err := s.owners.MakeFolder(s.Root, 0o755)
	if err != nil {
		return nil, fmt.Errorf("server root: %w", err)
	}
	if err := s.caller.checkRoot(s.Root, s.owners); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return root, nil
}

// makeFolder makes a folder that is not there.
func (s *Setup) makeFolder(f Folder) error {
	if exists(f.Path) {
		return nil
	}
	folder, made, err := s.trusted.MakeFolder(f.Path, f.Mode)
	if err != nil {
		return err
	}
	defer folder.Close()
	if !made { // but by another wsgictl
		return nil
	}
	if err := folder.Chmod(".", f.Mode); err != nil { // whatever the umask
		return err
	}
	if f.App && os.Getuid() == 0 {
		return folder.Chown(".", s.uid, s.gid)
	}
	return nil
}

// writeFiles writes all beside their places before the first is renamed: a full
// disk leaves no root of which half is new.
func (s *Setup) writeFiles(root *os.Root) error {
	written := make([]pending, len(s.Files))
	var group errgroup.Group // side by side, since each waits for the disk
	for i, file := range s.Files {
		group.Go(func() (err error) {
			written[i], err = file.writeBeside(root, s.Root)
			if err != nil {
				return fmt.Errorf("write %s: %w", file.Path, err)
			}
			return nil
		})
	}
	err := group.Wait()
	for i, file := range written {
		if file.fresh == "" {
			continue
		}
		if err == nil {
			if renamed := root.Rename(file.fresh, file.name); renamed != nil {
				err = fmt.Errorf("write %s: %w", s.Files[i].Path, renamed)
			}
		}
		if err != nil {
			err = errors.Join(err, root.Remove(file.fresh))
		}
	}
	return err
}

// A pending file has been written under a fresh name beside its own.
type pending struct{ fresh, name string }

// writeBeside writes the file to the disk under a name of its own; none where
// what is there may stay.
func (f File) writeBeside(root *os.Root, folder string) (pending, error) {
	name, err := filepath.Rel(folder, f.Path)
	if err != nil {
		return pending{}, err
	}
	if f.isThere(root, name) {
		return pending{}, nil
	}
	p := pending{path.Join(path.Dir(name), ".wsgictl-"+rand.Text()), name}
	file, err := root.OpenFile(p.fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return pending{}, err
	}
	_, err = file.WriteString(f.Text)
	if err == nil {
		err = errors.Join(file.Chmod(f.Mode), file.Sync())
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return pending{}, errors.Join(err, root.Remove(p.fresh))
	}
	return p, nil
}

// isThere reports whether the file is there just as it would be written, as
// most are when a server is started again, or is one that people edit. One that
// others could change is written anew.
func (f File) isThere(root *os.Root, name string) bool {
	info, err := root.Lstat(name)
	if err != nil || f.Keep {
		return err == nil
	}
	if info.Mode() != f.Mode || info.Size() != int64(len(f.Text)) || !ownedBySelf(info) {
		return false
	}
	text, err := root.ReadFile(name)
	return err == nil && string(text) == f.Text
}

func ownedBySelf(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Getuid()
}
