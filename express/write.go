package express

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/store"
)

// Write makes the folders, and the files as one transaction: what a killed one has
// left half, the next puts back before it writes its own. The folders of the
// application belong to it. Another wsgictl that writes the same server root is
// waited for.
func (s *Setup) Write(ctx context.Context) error {
	if err := s.makeRoot(); err != nil {
		return err
	}
	for _, folder := range s.Folders {
		if err := s.makeFolder(folder); err != nil {
			return fmt.Errorf("make folder %s: %w", folder.Path, err)
		}
	}
	if err := s.check(); err != nil {
		return err
	}
	return s.writeFiles(ctx)
}

// makeRoot makes the server root where it is not there. It was checked before it
// was there; now it is there.
func (s *Setup) makeRoot() error {
	root, _, err := s.owners.MakeFolder(s.Root, 0o755)
	if err != nil {
		return fmt.Errorf("server root: %w", err)
	}
	return errors.Join(s.caller.checkRoot(s.Root, s.owners), root.Close())
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

// journalName is the folder of the transaction below the server root, as long as
// it lasts.
const journalName = ".wsgictl"

// writeFiles writes those files that are not there just so. Most times that is
// none, since a server is started again.
func (s *Setup) writeFiles(ctx context.Context) error {
	journal, err := store.Open(filepath.Join(s.Root, journalName), store.Options{Trusted: s.owners, Release: s.caller.Release})
	if err != nil {
		return err
	}
	if changes, err := s.changes(journal); err != nil || len(changes) == 0 && !journal.IsThere() {
		return err
	}
	unlock, err := journal.Lock(ctx, nil)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := journal.Recover(nil); err != nil {
		return err
	}
	changes, err := s.changes(journal)
	if err != nil {
		return err
	}
	return journal.Carry(store.Transaction{What: s.caller.Verb, Changes: changes}, nil, nil)
}

// changes are those that the files need.
func (s *Setup) changes(journal *store.Store) ([]store.Change, error) {
	var changes []store.Change
	for _, file := range s.Files {
		before, err := journal.Read(file.Path)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", file.Path, err)
		}
		if !file.isThere(before) {
			changes = append(changes, store.Change{Path: file.Path, Before: before, After: store.NewFile([]byte(file.Text), file.Mode)})
		}
	}
	return changes, nil
}

// isThere tells whether the file is there just as it would be written, as most are
// when a server is started again, or is one that people edit. One that others could
// change is written again.
func (f File) isThere(now store.PathState) bool {
	if f.Keep {
		return now.Kind != store.Absent
	}
	return now.Kind == store.File && now.Mode == f.Mode && now.UID == os.Getuid() && string(now.Content) == f.Text
}
