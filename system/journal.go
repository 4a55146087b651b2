package system

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// A Journal is a transaction under way, as it stands in the store from before
// the first change until the last trace is cleared away.
type Journal struct {
	ID      string     `json:"id"` // in the names of the files that are put aside
	Next    Generation `json:"next"`
	Changes []Change   `json:"changes"`

	store   *Store
	folders folders // in which it makes changes
	begun   bool    // a change was made, and not only put aside
}

// Begin writes the journal of a transaction. Until Write, nothing outside the
// store has changed. The caller holds the lock and has recovered.
func (s *Store) Begin(changes []Change, next Generation) (*Journal, error) {
	journal := &Journal{ID: rand.Text()[:8], Next: next, Changes: changes, store: s, folders: folders{}}
	if err := journal.begin(); err != nil {
		journal.folders.close()
		return nil, fmt.Errorf("%w; nothing was changed", err)
	}
	return journal, nil
}

func (j *Journal) begin() error {
	if err := j.look(); err != nil {
		return err
	}
	for i := range j.Changes {
		for _, entry := range []*Entry{&j.Changes[i].Before, &j.Changes[i].After} {
			if err := j.store.fill(entry); err != nil {
				return err
			}
			if err := j.store.keep(*entry); err != nil {
				return err
			}
		}
	}
	for _, managed := range j.Next.Managed {
		entries := []Entry{managed.Entry, managed.Original}
		if managed.Patch != nil {
			entries = append(entries, managed.Patch.Base)
		}
		if err := j.store.keepFilled(entries...); err != nil {
			return err
		}
	}
	j.store.report("journal")
	if err := writeJSON(j.store.path("journal.json"), j); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// look refuses what is never written, and opens each folder that is there
// already: one that others could lead elsewhere is refused before anything is
// written.
func (j *Journal) look() error {
	for _, change := range j.Changes {
		if change.Before.Kind == Other || change.After.Kind == Other {
			return fmt.Errorf("refuse %s: it is neither file, link nor folder", change.Path)
		}
		if _, _, err := j.folders.of(change.Path); err != nil && !isAbsent(err) {
			return err
		}
	}
	return nil
}

// keepFilled remembers the content of those files that have it at hand.
func (s *Store) keepFilled(entries ...Entry) error {
	for _, entry := range entries {
		if entry.content == nil {
			continue
		}
		if err := s.keep(entry); err != nil {
			return err
		}
	}
	return nil
}

// Pending is the journal of a transaction that did not end; nil when there is
// none.
func (s *Store) Pending() (*Journal, error) {
	journal := &Journal{store: s, folders: folders{}}
	err := readJSON(s.path("journal.json"), journal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	return journal, nil
}

// Held tells whether the transaction had held when it was interrupted, so that
// it is to be finished and not to be undone.
func (j *Journal) Held() bool {
	_, err := os.Lstat(j.store.generationFile(j.Next.Number))
	return err == nil
}

// Commit makes the transaction's generation the current one.
func (j *Journal) Commit() error {
	j.store.report("commit")
	if err := writeJSON(j.store.generationFile(j.Next.Number), j.Next); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return j.Close()
}

// Close clears away what was put aside, and at last the journal. It follows
// on Undo once Apache uses again what it used before.
func (j *Journal) Close() error {
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
	j.store.report("close the journal")
	if err := os.Remove(j.store.path("journal.json")); err != nil {
		return fmt.Errorf("close the journal: %w", err)
	}
	return j.store.sync()
}

// clear removes what was put aside, if it is there: its folder may be one where
// nothing can be removed.
func (j *Journal) clear(aside string) error {
	folder, name, err := j.folders.of(aside)
	if err == nil {
		_, err = folder.Lstat(name)
	}
	if isAbsent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	j.store.report("clear " + aside)
	return j.folders.remove(aside)
}

// removeFolders takes away the folders that shall not be there, which could not
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
		j.store.report("remove " + change.Path)
		if err := j.folders.remove(change.Path); err != nil {
			return fmt.Errorf("remove folder: %w", err)
		}
	}
	return nil
}

// fresh is where the new content of a change waits beside its place, and
// backup where the old one does. Apache reads no such names.
func (j *Journal) fresh(i int) string  { return j.aside(i, "new") }
func (j *Journal) backup(i int) string { return j.aside(i, "old") }

func (j *Journal) aside(i int, what string) string {
	return filepath.Join(filepath.Dir(j.Changes[i].Path), fmt.Sprintf(".wsgictl-%s-%d.%s", j.ID, i, what))
}
