package system

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// A Made is one thing that a command makes for a change beside what the
// transaction writes. It is remembered in the store before it is made, and
// forgotten once the change holds: what a command that failed or was killed has
// made is thus known, and can be undone.
type Made struct {
	Kind MadeKind `json:"kind"`
	Name string   `json:"name"` // of the account; path of the virtualenv or file

	// Mark tells it from another of that name that somebody made since: what an
	// account has as its comment, the digest of a file.
	Mark string `json:"mark,omitempty"`

	// Folders are those in which an account may have come to own something.
	Folders []string `json:"folders,omitempty"`
}

// A MadeKind is what sort of thing was made.
type MadeKind string

// The kinds of a Made.
const (
	MadeAccount     MadeKind = "account"
	MadeModule      MadeKind = "module"      // in a virtualenv that had none
	MadeKept        MadeKind = "kept module" // where root keeps those for virtualenvs of others
	MadeDeclaration MadeKind = "declaration"
)

// madeList is what stands in the store.
type madeList struct {
	After int    `json:"after"` // the generation in force when it was made
	Made  []Made `json:"made"`
}

// Make remembers what is about to be made. The caller holds the lock.
func (s *Store) Make(made Made) error {
	list, err := s.readMade()
	if err != nil {
		return err
	}
	current, err := s.Current()
	if err != nil {
		return err
	}
	list.After, list.Made = current.Number, append(list.Made, made)
	if err := writeJSON(s.path("made.json"), list); err != nil {
		return fmt.Errorf("remember what is made: %w", err)
	}
	return nil
}

// Unfinished is what was made for a change that did not hold, in the order in
// which it was made.
func (s *Store) Unfinished() ([]Made, error) {
	list, err := s.readMade()
	if err != nil || len(list.Made) == 0 {
		return nil, err
	}
	current, err := s.Current()
	if err != nil {
		return nil, err
	}
	if current.Number > list.After { // the command was killed after its change held
		return nil, s.KeepMade()
	}
	return list.Made, nil
}

// KeepMade ends the remembering: what was made stays, or is gone.
func (s *Store) KeepMade() error {
	if _, err := os.Lstat(s.path("made.json")); errors.Is(err, fs.ErrNotExist) {
		return nil // also where nothing can be removed, as on a disk that failed
	}
	return errors.Join(os.Remove(s.path("made.json")), s.sync())
}

func (s *Store) readMade() (madeList, error) {
	var list madeList
	err := readJSON(s.path("made.json"), &list)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return list, fmt.Errorf("read what was made: %w", err)
	}
	return list, nil
}
