package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// objectsName is the folder of the content of files, each under its digest.
const objectsName = "objects"

func objectName(digest string) string { return path.Join(objectsName, digest) }

// keep remembers the content of those files that have it at hand.
func (s *Store) keep(states ...PathState) error {
	for _, state := range states {
		if state.Kind != File || state.Content == nil {
			continue
		}
		name := objectName(state.Digest)
		if kept, err := s.read(name); err == nil && Digest(kept) == state.Digest {
			continue
		}
		if err := s.write(name, state.Content); err != nil {
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
	content, err := s.read(objectName(state.Digest))
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
	folder, err := s.folder()
	var names []string
	if err == nil {
		names, err = s.Records(objectsName)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("prune kept files: %w", err)
	}
	for _, digest := range names {
		if needed[digest] {
			continue
		}
		if err := folder.Remove(objectName(digest)); err != nil {
			return fmt.Errorf("prune kept files: %w", s.named(err))
		}
	}
	return nil
}
