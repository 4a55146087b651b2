package store

import "fmt"

// Recover settles a transaction that was interrupted: one that held is finished,
// any other is undone, and undone is told so, as by [Store.Carry]. It gives what
// was done, in a sentence; an empty one when there was nothing to do. The caller
// holds the lock.
func (s *Store) Recover(undone func() error) (string, error) {
	defer IgnoreSignals()()
	journal, err := s.Pending()
	if err != nil || journal == nil {
		return "", err
	}
	defer journal.folders.close()
	if journal.Held() {
		return "finished the interrupted " + journal.What, journal.close()
	}
	left, err := journal.putBack(undone)
	if err != nil {
		return "", fmt.Errorf("undo the interrupted %s: %w", journal.What, err)
	}
	return "undid the interrupted " + journal.What + leftAlone(left), nil
}
