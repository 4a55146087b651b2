package store

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// WriteRecord keeps a value as JSON under a name, which may be in a folder of
// the store. When it returns, that is on disk. The caller holds the lock.
func (s *Store) WriteRecord(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return s.write(name, append(text, '\n'))
}

// ReadRecord gives what was kept under a name; fs.ErrNotExist is that nothing was.
func (s *Store) ReadRecord(name string, value any) error {
	text, err := s.read(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, value); err != nil {
		return fmt.Errorf("%s is damaged (%w): bring it back from a backup; without one, look at the files that it is about, and move it away", s.Path(name), err)
	}
	return nil
}

// Records are the names of what is kept in a folder of the store, in their order.
func (s *Store) Records(folder string) ([]string, error) {
	root, err := s.folder()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(root.FS(), folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, s.named(err)
	}
	var names []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") { // what a killed process was about to write
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// RemoveRecord forgets what was kept under a name. Where nothing was, nothing is
// done, also where nothing can be removed, as on a disk that failed.
func (s *Store) RemoveRecord(name string) error {
	folder, err := s.folder()
	if err == nil {
		_, err = folder.Lstat(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = errors.Join(folder.Remove(name), syncFolder(folder, path.Dir(name)))
	}
	return s.named(err)
}

// read gives what a file of the store holds.
func (s *Store) read(name string) ([]byte, error) {
	folder, err := s.folder()
	if err != nil {
		return nil, err
	}
	text, err := folder.ReadFile(name)
	return text, s.named(err)
}

// write replaces a file of the store as a whole; when it returns, the file and its
// name are on disk. What is written waits beside it, under a name with a dot first.
func (s *Store) write(name string, content []byte) error {
	folder, err := s.folder()
	if errors.Is(err, fs.ErrNotExist) {
		err = s.Make()
		folder = s.held
	}
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	beside := path.Join(dir, "."+path.Base(name)+"-"+rand.Text()[:8])
	if err := folder.MkdirAll(dir, 0o700); err != nil {
		return s.named(err)
	}
	err = writeWhole(folder, beside, content)
	if err == nil {
		err = folder.Rename(beside, name)
	}
	if err != nil {
		return s.named(errors.Join(err, folder.RemoveAll(beside)))
	}
	return s.named(syncFolder(folder, dir))
}

// writeWhole makes a file of the owner's alone, which is on disk when it returns.
func writeWhole(folder *os.Root, name string, content []byte) error {
	file, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}
