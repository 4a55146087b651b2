package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// A Store is the folder of the journal, of the content of files that are to be
// brought back, and of whatever records its user keeps. Only the owner can read
// it, since it keeps what stood in files that others may not read.
//
// The folder is held open from when its owner was looked at: nothing that comes to
// stand at its path later is read or written.
type Store struct {
	Options
	dir  string
	held *os.Root // nil as long as it is not there
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
// makes it. One that a newer wsgictl wrote in a way of its own is refused by a
// [*Newer].
func Open(dir string, options Options) (*Store, error) {
	if options.Report == nil {
		options.Report = func(string) {}
	}
	s := &Store{Options: options, dir: dir}
	if err := s.checkFormat(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

// folder is the folder of the store, held open; fs.ErrNotExist is that it is not there.
func (s *Store) folder() (*os.Root, error) {
	if s.held != nil {
		return s.held, nil
	}
	folder, err := s.Trusted.OpenRoot(s.dir)
	if err == nil {
		s.held = folder
	}
	return folder, err
}

// hold takes a folder in the place of the one that is held; nil for none.
func (s *Store) hold(folder *os.Root) {
	if s.held != nil {
		_ = s.held.Close()
	}
	s.held = folder
}

// named is an error about a file of the store with its whole path, in a folder that is
// held open.
func (s *Store) named(err error) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) && !filepath.IsAbs(at.Path) {
		return &fs.PathError{Op: strings.TrimSuffix(at.Op, "at"), Path: s.Path(at.Path), Err: at.Err}
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return &fs.PathError{Op: "replace", Path: s.Path(link.New), Err: link.Err}
	}
	return err
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
	folder, _, err := s.Trusted.MakeFolder(s.dir, 0o700)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	s.hold(folder)
	return nil
}

// discard removes a store that holds nothing to remember. The caller holds the
// lock, which goes last, so that nobody finds it while there is something else.
func (s *Store) discard() {
	folder, err := s.folder()
	if err != nil {
		return
	}
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !slices.Contains([]string{lockName, objectsName, formatName, heldName}, entry.Name()) {
			return
		}
	}
	_ = folder.RemoveAll(objectsName)
	for _, name := range []string{heldName, formatName, lockName} {
		_ = folder.Remove(name)
	}
	if err := os.Remove(s.dir); err == nil { // an empty folder alone
		s.hold(nil)
	}
}
