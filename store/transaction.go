package store

import (
	"errors"
	"fmt"
	"strings"
)

// A Change turns what stands at a path into something else.
type Change struct {
	Path   string    `json:"path"`
	Before PathState `json:"before"`
	After  PathState `json:"after"`
}

// A Transaction is what is to be changed as one.
type Transaction struct {
	What    string   // the command that makes it, for people: "apply"
	Changes []Change // in the order in which they are to be made

	// Record is the name of what the store keeps of it, such as
	// "generations/7.json", which must not be there; empty for nothing. Value is
	// what it holds, as JSON, and what the journal tells others meanwhile.
	Record string
	Value  any

	// Keep are files whose content the store keeps, so that [Store.Fill] gives it.
	Keep []PathState

	// Confined says that it changes files in folders of others, too: where
	// nobody could have led the way there who cannot write in the folder himself.
	Confined bool
}

// Carry makes the changes as one transaction. When they are made, verify tells
// whether they hold; if it or anything before it fails, all is put back, and
// undone is told so, which lets others take up again what was there before. Both
// may be nil. The error says what failed first: of a file that its file system does
// not let be replaced it is a [*Refused]. The caller holds the lock and has recovered.
func (s *Store) Carry(t Transaction, verify, undone func() error) error {
	defer IgnoreSignals()()
	journal, err := s.begin(t)
	if err != nil {
		return fmt.Errorf("%w; nothing was changed", err)
	}
	defer journal.folders.close()
	if err = journal.write(); err == nil && verify != nil {
		err = verify()
	}
	if err == nil {
		err = journal.commit(t.Value)
	}
	if err == nil || journal.Held() {
		return err
	}
	if !journal.begun {
		undone = nil // of which nobody has seen anything
	}
	left, undoErr := journal.putBack(undone)
	if undoErr != nil {
		return errors.Join(err, fmt.Errorf("put back what was there before: %w; the next wsgictl command tries again", undoErr))
	}
	return fmt.Errorf("%w\nall was put back as it was before%s", err, leftAlone(left))
}

func leftAlone(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	return ", except what another program modified meanwhile: " + strings.Join(paths, ", ")
}
