package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/trust"
)

// WriteRecord keeps a value as JSON under a name, which may be in a folder of
// the store. When it returns, that is on disk. The caller holds the lock.
func (s *Store) WriteRecord(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	if err := s.makeFolder(filepath.Dir(s.Path(name))); err != nil {
		return err
	}
	return writeSynced(s.Path(name), append(text, '\n'))
}

// ReadRecord gives what was kept under a name; fs.ErrNotExist is that nothing was.
func (s *Store) ReadRecord(name string, value any) error {
	text, err := os.ReadFile(s.Path(name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, value); err != nil {
		return fmt.Errorf("%s is damaged (%w): bring it back from a backup; without one, look at the files that it is about, and move it away", s.Path(name), err)
	}
	return nil
}

// RemoveRecord forgets what was kept under a name. Where nothing was, nothing is
// done, also where nothing can be removed, as on a disk that failed.
func (s *Store) RemoveRecord(name string) error {
	if _, err := os.Lstat(s.Path(name)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(os.Remove(s.Path(name)), syncPath(filepath.Dir(s.Path(name))))
}

// writeSynced replaces a file as a whole; when it returns, the file and its
// name are on disk.
func writeSynced(path string, content []byte) error {
	if err := trust.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

func syncPath(dir string) error {
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	return syncFolder(folder)
}
