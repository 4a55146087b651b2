package store

import (
	"fmt"
	"slices"
)

// close clears away what was put aside, and at last the journal. It follows
// on undo once others use again what they used before.
func (j *Journal) close() error {
	for i := range j.Changes {
		for _, aside := range []string{j.fresh(i), j.backup(i)} {
			if err := j.clear(aside); err != nil {
				return fmt.Errorf("clear away: %w", err)
			}
		}
	}
	if err := j.removeFolders(); err != nil {
		return err
	}
	j.store.Report("close the journal")
	if err := j.store.RemoveRecord(journalName); err != nil {
		return fmt.Errorf("close the journal: %w", err)
	}
	return j.store.RemoveRecord(heldName)
}

// clear removes what was put aside, if it is there: its folder may be one where
// nothing can be removed.
func (j *Journal) clear(aside string) error {
	folder, name, err := j.folders.of(aside)
	if err == nil {
		_, err = folder.Lstat(name)
	}
	if IsAbsent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	j.store.Report("clear " + aside)
	return j.folders.remove(aside)
}

// removeFolders removes the folders that shall not be there, which could not
// go while content was put aside in them. One that holds other people's files
// stays.
func (j *Journal) removeFolders() error {
	held := j.Held()
	for _, change := range slices.Backward(j.Changes) {
		from, to := change.After, change.Before
		if held {
			from, to = change.Before, change.After
		}
		if from.Kind != Folder || to.Kind != Absent {
			continue
		}
		j.store.Report("remove " + change.Path)
		if err := j.folders.remove(change.Path); err != nil {
			return fmt.Errorf("remove folder: %w", err)
		}
	}
	return nil
}
