package system

import (
	"errors"
	"fmt"
	"io/fs"
)

// An Undo is one thing that a command makes for a change beside what the
// transaction writes, and that is to be taken away again unless the change holds.
// It is remembered in the store before it is made, and forgotten once the change
// holds: what a command that failed or was killed has made is thus known.
type Undo struct {
	Kind UndoKind `json:"kind"`
	Name string   `json:"name"` // of the account; path of the virtualenv or file

	// Mark tells it from another of that name that somebody made since: what an
	// account has as its comment, the digest of a file.
	Mark string `json:"mark,omitempty"`

	// Folders are those in which an account may have come to own something.
	Folders []string `json:"folders,omitempty"`
}

// An UndoKind is what sort of thing was made.
type UndoKind string

// The kinds of an Undo.
const (
	UndoAccount     UndoKind = "account"
	UndoModule      UndoKind = "module"      // in a virtualenv that had none
	UndoKept        UndoKind = "kept module" // where root keeps those for virtualenvs of others
	UndoDeclaration UndoKind = "declaration"
)

// undoName is what the store has the list under.
const undoName = "made.json"

// undoList is what stands in the store.
type undoList struct {
	After int    `json:"after"` // the generation in force when it was made
	Made  []Undo `json:"made"`
}

// Remember remembers what is about to be made. The caller holds the lock.
func (h History) Remember(undo Undo) error {
	made, err := h.Unfinished()
	if err != nil {
		return err
	}
	current, err := h.Current()
	if err != nil {
		return err
	}
	if err := h.WriteRecord(undoName, undoList{current.Number, append(made, undo)}); err != nil {
		return fmt.Errorf("remember what is made: %w", err)
	}
	return nil
}

// Unfinished is what was made for a change that did not hold, in the order in
// which it was made.
func (h History) Unfinished() ([]Undo, error) {
	var list undoList
	if err := h.ReadRecord(undoName, &list); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, fmt.Errorf("read what was made: %w", err)
	}
	current, err := h.Current()
	if err != nil || current.Number > list.After { // the command was killed after its change held
		return nil, err
	}
	return list.Made, nil
}

// Forget ends the remembering: what was made stays, or is gone.
func (h History) Forget() error { return h.RemoveRecord(undoName) }
