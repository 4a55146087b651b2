package deploy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/wsgictl/wsgictl/store"
)

// A made is what the store keeps of a release.
type made struct {
	ID     string    `json:"id"`
	From   string    `json:"from"` // as it was named
	Time   time.Time `json:"time"`
	Python string    `json:"python"` // "3.11.2"
	Whole  bool      `json:"whole"`  // else it is under way, or was interrupted
}

const (
	madeFolder   = "releases"
	servedFolder = "served"
)

// recordOf is where the store keeps a release.
func recordOf(id string) string { return path.Join(madeFolder, id+".json") }

func (w *work) note(m made) error { return w.store.WriteRecord(recordOf(m.ID), m) }

func (w *work) releases() ([]made, error) { return releasesIn(w.store) }

// releasesIn are those that were made, the oldest first.
func releasesIn(s *store.Store) ([]made, error) {
	names, err := s.Records(madeFolder)
	if err != nil {
		return nil, err
	}
	all := make([]made, len(names))
	for i, name := range names {
		if err := s.ReadRecord(path.Join(madeFolder, name), &all[i]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b made) int { return a.Time.Compare(b.Time) })
	return all, nil
}

// newID names a release after the time, as others do.
func (w *work) newID() (string, error) {
	all, err := w.releases()
	if err != nil {
		return "", err
	}
	base := time.Now().UTC().Format("20060102150405")
	id := base
	for n := 2; slices.ContainsFunc(all, func(m made) bool { return m.ID == id }); n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	return id, nil
}

// remove removes a release, as its owner, and then forgets it. From now on it is not whole:
// what kills this command leaves the rest to the next one.
func (w *work) remove(ctx context.Context, id string) error {
	var m made
	err := w.store.ReadRecord(recordOf(id), &m)
	if err == nil && m.Whole {
		m.Whole = false
		err = w.note(m)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist): // it is noted before anything is made
		return nil
	case err != nil:
		return err
	}
	if err := w.Site.owner.step(ctx, "remove", w.Site.dir(id), nil); err != nil {
		return fmt.Errorf("remove the release %s: %w", id, err)
	}
	return w.store.RemoveRecord(recordOf(id))
}

// A served is what the store keeps of a switch: the record of the last one that held
// tells what is served.
type served struct {
	Number  int       `json:"number"`
	Time    time.Time `json:"time"`
	Release string    `json:"release"`
	Before  string    `json:"before,omitempty"` // what was served before
	Stack   []string  `json:"stack"`            // to which one can go back, the last one first
}

func servedName(number int) string { return fmt.Sprintf("%s/%08d.json", servedFolder, number) }

func (w *work) served() (served, error) { return servedIn(w.store) }

// servedIn is the last switch; the zero value where there was none.
func servedIn(s *store.Store) (served, error) {
	var last served
	names, err := s.Records(servedFolder)
	if err != nil || len(names) == 0 {
		return last, err
	}
	err = s.ReadRecord(path.Join(servedFolder, names[len(names)-1]), &last)
	return last, err
}

// prune removes the releases that are no longer kept, and what is known of switches
// before the last.
func (w *work) prune(ctx context.Context, last served) (removed []string, err error) {
	names, err := w.store.Records(servedFolder)
	if err != nil {
		return nil, err
	}
	for _, name := range names[:max(0, len(names)-1)] {
		if err := w.store.RemoveRecord(path.Join(servedFolder, name)); err != nil {
			return nil, err
		}
	}
	all, err := w.releases()
	if err != nil {
		return nil, err
	}
	kept := 1
	for _, m := range slices.Backward(all) {
		if m.ID == last.Release {
			continue
		}
		if kept++; kept <= w.Site.Keep {
			continue
		}
		w.Tell("remove " + m.ID)
		if err := w.remove(ctx, m.ID); err != nil {
			return removed, err
		}
		removed = append(removed, m.ID)
	}
	return removed, nil
}

// A Listed is a release, as it is told to people.
type Listed struct {
	ID      string    `json:"id"`
	From    string    `json:"from"`
	Time    time.Time `json:"time"`
	Python  string    `json:"python"`
	Serving bool      `json:"serving"`
}

// List gives the releases of a site, the newest first, and what is under way or was
// interrupted, in a sentence.
func (s Site) List(release string) (all []Listed, unsettled string, err error) {
	opened, err := s.openStore(release)
	if err != nil {
		return nil, "", err
	}
	made, err := releasesIn(opened)
	if err != nil {
		return nil, "", err
	}
	all = []Listed{}
	for _, m := range slices.Backward(made) {
		if m.Whole {
			all = append(all, Listed{m.ID, m.From, m.Time, m.Python, m.ID == s.Serving()})
		} else {
			unsettled = m.ID + " is being made, or was left by a deploy that was interrupted: the next one removes it"
		}
	}
	pending, err := opened.Pending()
	if err == nil && pending != nil {
		unsettled = pending.String()
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return all, unsettled, err
}
