package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/trust"
)

// A Store is the folder of the journal, of the content of files that are to be
// brought back, and of whatever records its user keeps. Only the owner can read
// it, since it keeps what stood in files that others may not read.
type Store struct {
	Options
	dir string
}

// Options say for whom a store is.
type Options struct {
	// Trusted may change the folder of the store, and those in which it changes
	// files. The zero value trusts root alone.
	Trusted trust.Trustees

	// Release is that of the program, for people who have an older one.
	Release string

	// Report is told each step of a change before it is done; it may be nil.
	Report func(step string)
}

// Open opens the store in a folder, which need not be there: only [Store.Lock]
// makes it. One that a newer wsgictl wrote in a way of its own is refused.
func Open(dir string, options Options) (*Store, error) {
	if options.Report == nil {
		options.Report = func(string) {}
	}
	s := &Store{options, dir}
	if err := options.Trusted.Check(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := s.checkFormat(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

// Path is that of something in the store.
func (s *Store) Path(names ...string) string {
	return filepath.Join(append([]string{s.dir}, names...)...)
}

// IsThere tells whether there is anything to recover, or to look at.
func (s *Store) IsThere() bool {
	_, err := os.Lstat(s.dir)
	return err == nil
}

// Make makes the folder of the store, where it is not there.
func (s *Store) Make() error {
	if err := s.makeFolder(s.dir); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	return nil
}

func (s *Store) makeFolder(path string) error {
	folder, _, err := s.Trusted.MakeFolder(path, 0o700)
	if err != nil {
		return err
	}
	return folder.Close()
}

// discard removes a store that holds nothing to remember. The caller holds the
// lock, which goes last, so that nobody finds it while there is something else.
func (s *Store) discard() {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !slices.Contains([]string{lockName, objectsName, formatName, heldName}, entry.Name()) {
			return
		}
	}
	_ = os.RemoveAll(s.Path(objectsName))
	for _, name := range []string{heldName, formatName, lockName, ""} {
		_ = os.Remove(s.Path(name))
	}
}
