package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// objectsName is the folder of the content of files, each under its digest.
const objectsName = "objects"

// keep remembers the content of those files that have it at hand.
func (s *Store) keep(states ...PathState) error {
	for _, state := range states {
		if state.Kind != File || state.Content == nil {
			continue
		}
		path := s.Path(objectsName, state.Digest)
		if kept, err := os.ReadFile(path); err == nil && Digest(kept) == state.Digest {
			continue
		}
		err := s.makeFolder(s.Path(objectsName))
		if err == nil {
			err = writeSynced(path, state.Content)
		}
		if err != nil {
			return fmt.Errorf("keep the content of a file: %w", err)
		}
	}
	return nil
}

// Fill gives a file its content, which must have been kept.
func (s *Store) Fill(state *PathState) error {
	if state.Kind != File || state.Content != nil {
		return nil
	}
	content, err := os.ReadFile(s.Path(objectsName, state.Digest))
	if err != nil {
		return fmt.Errorf("read kept file: %w", err)
	}
	if Digest(content) != state.Digest {
		return fmt.Errorf("read kept file: %s is damaged", s.Path(objectsName, state.Digest))
	}
	state.Content = content
	return nil
}

// Prune forgets the content of all files but those of these digests, and of a
// transaction under way. The caller holds the lock.
func (s *Store) Prune(needed map[string]bool) error {
	pending, err := s.Pending()
	if err != nil || pending != nil { // of which Recover needs what was there before
		return err
	}
	entries, err := os.ReadDir(s.Path(objectsName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("prune kept files: %w", err)
	}
	for _, entry := range entries {
		if needed[entry.Name()] {
			continue
		}
		if err := os.Remove(s.Path(objectsName, entry.Name())); err != nil {
			return fmt.Errorf("prune kept files: %w", err)
		}
	}
	return nil
}
