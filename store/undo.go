package store

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// putBack undoes the changes, has others take up again what was there before,
// and finishes the transaction. Where that fails, the journal stays, so that the next
// start tries again.
func (j *Journal) putBack(undone func() error) (left []string, err error) {
	left, err = j.undoAll()
	if err == nil && undone != nil {
		err = undone()
	}
	if err != nil {
		return left, err
	}
	return left, j.close()
}

// undoAll brings back what was there before, the last change first. What another
// program modified meanwhile stays as it is; those paths are left.
func (j *Journal) undoAll() (left []string, err error) {
	var failed []error
	for i, change := range slices.Backward(j.Changes) {
		err := j.undo(i, change)
		switch {
		case errors.Is(err, errModified):
			left = append(left, change.Path)
		case err != nil:
			failed = append(failed, fmt.Errorf("undo %s: %w", change.Path, err))
		}
	}
	return left, errors.Join(failed...)
}

var errModified = errors.New("modified by another program")

func (j *Journal) undo(i int, change Change) error {
	current, err := j.folders.read(change.Path)
	if err != nil || current.Equal(change.Before) {
		return err
	}
	if !current.Equal(change.After) && (current.Kind != Folder || change.After.Kind != Folder) {
		return errModified
	}
	j.store.Report("undo " + change.Path)
	switch change.Before.Kind {
	case File:
		err = j.undoFile(i, change)
	case Link:
		err = j.writeAgain(i, change)
	case Absent:
		err = j.folders.remove(change.Path)
	}
	if err != nil {
		return err
	}
	return j.folders.sync(change.Path)
}

// undoFile gives the old file its name back. Where that second name is gone,
// the content comes from the store.
func (j *Journal) undoFile(i int, change Change) error {
	err := j.folders.rename(j.backup(i), change.Path)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := j.store.Fill(&change.Before); err != nil {
		return err
	}
	return j.writeAgain(i, change)
}

// writeAgain writes what was there before in the place of what is there now.
func (j *Journal) writeAgain(i int, change Change) error {
	if err := j.folders.remove(j.fresh(i)); err != nil {
		return err
	}
	if err := j.putAside(j.fresh(i), change.Before); err != nil {
		return err
	}
	if change.Before.Kind == File {
		if err := j.syncFile(j.fresh(i)); err != nil {
			return err
		}
	}
	return j.folders.rename(j.fresh(i), change.Path)
}
