package store

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/wsgictl/wsgictl/trust"
)

const (
	journalName = "journal.json"
	heldName    = "held.json" // the record of a transaction that keeps none
)

// A Journal is a transaction under way, as it stands in the store from before
// the first change until the last trace is cleared away.
type Journal struct {
	ID       string          `json:"id"` // in the names of the files that are put aside
	What     string          `json:"what"`
	Time     time.Time       `json:"time"`
	Record   string          `json:"record"` // by which it holds, once it is there
	Value    json.RawMessage `json:"value,omitempty"`
	Confined bool            `json:"confined,omitempty"`
	Changes  []Change        `json:"changes"`

	store   *Store
	folders folders // in which it makes changes
	begun   bool    // a change was made, and not only put aside
}

// begin writes the journal of a transaction. Until write, nothing outside the
// store has changed.
func (s *Store) begin(t Transaction) (*Journal, error) {
	value, err := json.Marshal(t.Value)
	if err != nil {
		return nil, err
	}
	j := &Journal{ID: rand.Text()[:8], What: t.What, Time: time.Now(), Record: t.Record, Value: value, Confined: t.Confined, Changes: t.Changes}
	if j.Record == "" {
		j.Record = heldName
	}
	j.open(s)
	if err := j.begin(t.Keep); err != nil {
		j.folders.close()
		return nil, err
	}
	return j, nil
}

// open readies the journal to change files.
func (j *Journal) open(s *Store) {
	j.store = s
	j.folders = newFolders(s.Trusted.OpenRoot)
	if j.Confined {
		j.folders = newFolders(trust.OpenConfined)
	}
}

func (j *Journal) begin(kept []PathState) error {
	if err := j.look(); err != nil {
		return err
	}
	if err := j.store.Make(); err != nil {
		return err
	}
	if err := j.store.keep(kept...); err != nil {
		return err
	}
	for i := range j.Changes {
		change := &j.Changes[i]
		for _, state := range []*PathState{&change.Before, &change.After} {
			if err := j.store.Fill(state); err != nil {
				return err
			}
		}
		if err := j.store.keep(change.Before); err != nil {
			return err
		}
	}
	if err := j.store.stamp(); err != nil {
		return err
	}
	if err := j.store.RemoveRecord(heldName); err != nil { // of a transaction before
		return err
	}
	j.store.Report("journal")
	if err := j.store.WriteRecord(journalName, j); err != nil {
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
		if before, after := change.Before.Kind, change.After.Kind; before != after && before != Absent && after != Absent && (before == Folder || after == Folder) {
			return fmt.Errorf("refuse %s: there is %s where %s belongs", change.Path, change.Before, change.After)
		}
		if _, _, err := j.folders.of(change.Path); err != nil && !IsAbsent(err) {
			return err
		}
	}
	return nil
}

// Pending is the journal of a transaction that is under way, or was interrupted
// where nobody holds the lock; nil when there is none.
func (s *Store) Pending() (*Journal, error) {
	journal := &Journal{}
	err := s.ReadRecord(journalName, journal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && journal.Record == "" {
		journal, err = s.readFirstFormat()
	}
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	journal.open(s)
	return journal, nil
}

// readFirstFormat reads a journal of format 1, all of which were of the system's
// Apache.
func (s *Store) readFirstFormat() (*Journal, error) {
	var first struct {
		ID      string          `json:"id"`
		Next    json.RawMessage `json:"next"`
		Changes []Change        `json:"changes"`
	}
	var next struct {
		Number  int       `json:"number"`
		Time    time.Time `json:"time"`
		Command string    `json:"command"`
	}
	if err := s.ReadRecord(journalName, &first); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(first.Next, &next); err != nil {
		return nil, err
	}
	return &Journal{
		ID: first.ID, What: next.Command, Time: next.Time, Changes: first.Changes,
		Record: fmt.Sprintf("generations/%d.json", next.Number), Value: first.Next,
	}, nil
}

// Held tells whether the transaction held when it was interrupted, so that it is
// to be finished and not to be undone.
func (j *Journal) Held() bool {
	folder, err := j.store.folder()
	if err == nil {
		_, err = folder.Lstat(j.Record)
	}
	return err == nil
}

// Made is how many of the changes are made at this moment. What cannot be read
// counts as not made.
func (j *Journal) Made() int {
	defer j.folders.close()
	made := 0
	for _, change := range j.Changes {
		if current, err := j.folders.read(change.Path); err == nil && current.Equal(change.After) {
			made++
		}
	}
	return made
}

// String says what it is, of when, and how far it has come.
func (j *Journal) String() string {
	step := fmt.Sprintf("%d of %d changes made", j.Made(), len(j.Changes))
	if j.Held() {
		step = "it holds, and what was put aside is not cleared away"
	}
	return fmt.Sprintf("%s of %s (%s)", j.What, j.Time.Local().Format(time.DateTime), step)
}

// commit makes the transaction hold.
func (j *Journal) commit(value any) error {
	j.store.Report("commit")
	if err := j.store.WriteRecord(j.Record, value); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return j.close()
}

// fresh is where the new content of a change waits beside its place, and
// backup where the old one does. Apache reads no such names.
func (j *Journal) fresh(i int) string  { return j.aside(i, "new") }
func (j *Journal) backup(i int) string { return j.aside(i, "old") }

func (j *Journal) aside(i int, what string) string {
	return filepath.Join(filepath.Dir(j.Changes[i].Path), fmt.Sprintf(".wsgictl-%s-%d.%s", j.ID, i, what))
}
