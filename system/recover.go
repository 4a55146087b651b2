package system

import (
	"errors"
	"fmt"
	"strings"
)

// Recover ends a transaction that was interrupted: one that held is finished,
// any other is undone, and reload then makes Apache use again what it used
// before. It gives what was done, in a sentence; an empty one when there was
// nothing to do. The caller holds the lock.
func (s *Store) Recover(reload func() error) (string, error) {
	defer steady()()
	journal, err := s.Pending()
	if err != nil || journal == nil {
		return "", err
	}
	defer journal.folders.close()
	if journal.Held() {
		if err := journal.Close(); err != nil {
			return "", err
		}
		return fmt.Sprintf("finished the interrupted %s: generation %d", journal.Next.Command, journal.Next.Number), nil
	}
	left, err := journal.PutBack(reload)
	if err != nil {
		return "", fmt.Errorf("undo the interrupted %s: %w", journal.Next.Command, err)
	}
	return fmt.Sprintf("undid the interrupted %s", journal.Next.Command) + leftAlone(left), nil
}

// PutBack undoes the changes, makes Apache use again what it used before, and
// ends the transaction. Where that fails, the journal stays, so that the next
// start tries again.
func (j *Journal) PutBack(reload func() error) (left []string, err error) {
	left, err = j.Undo()
	if err != nil {
		return left, err
	}
	if err := reload(); err != nil {
		return left, err
	}
	return left, j.Close()
}

// Carry makes the changes as one transaction. When they are made, verify tells
// whether they hold; if it or anything before it fails, all is put back, and
// reload makes Apache use that again. The error says what failed first.
func (s *Store) Carry(changes []Change, next Generation, verify, reload func() error) error {
	defer steady()()
	journal, err := s.Begin(changes, next)
	if err != nil {
		return err
	}
	defer journal.folders.close()
	if err = journal.Write(); err == nil {
		err = verify()
	}
	if err == nil {
		err = journal.Commit()
	}
	if err == nil || journal.Held() {
		return err
	}
	if !journal.begun {
		reload = func() error { return nil } // of which Apache has seen nothing
	}
	left, undoErr := journal.PutBack(reload)
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
