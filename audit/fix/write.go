package fix

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/audit/subject"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Request is what is to be fixed, and how it is looked at.
type Request struct {
	Subject subject.Subject
	// Audit finds what is wrong with it.
	Audit   func(views []*wsgi.View) audit.Result
	Unsafe  bool   // make the fixes as well that may change what a working application does
	Release string // of wsgictl, for the journal
}

// Write writes what is proposed as one transaction, which is put back if httpd
// refuses it.
func (r Request) Write(ctx context.Context) (Proposal, error) {
	folder, err := r.Subject.Folder()
	if err != nil {
		return Proposal{}, err
	}
	fixes, err := openJournal(folder, r.Release)
	var nowhere *noJournalError
	if err == nil {
		err = endInterrupted(ctx, fixes, r.Subject.Say)
	}
	if err != nil && !errors.As(err, &nowhere) {
		return Proposal{}, err
	}
	before, err := r.askHTTPD(ctx, r.Subject.Say)
	if err != nil {
		return Proposal{}, err
	}
	p, err := r.Propose(ctx)
	if err != nil || p.Fixes == 0 {
		return p, err
	}
	if nowhere != nil {
		return p, nowhere
	}
	return p, p.write(ctx, fixes, r.Subject.Say, func() error { return r.stillAccepted(ctx, before) })
}

// write writes the texts, and puts back what was there before unless verify finds
// them fine.
func (p Proposal) write(ctx context.Context, fixes *store.Store, say func(string), verify func() error) error {
	unlock, err := lock(ctx, fixes, say)
	if err != nil {
		return err
	}
	defer unlock()
	changes, err := p.changes()
	if err != nil {
		return err
	}
	sayOfOtherNames(changes, say)
	return fixes.Carry(store.Transaction{What: what, Changes: changes, Confined: true}, verify, nil)
}

// sayOfOtherNames tells of files that have more names than the one that is written: a
// file is replaced, and not written over.
func sayOfOtherNames(changes []store.Change, say func(string)) {
	for _, change := range changes {
		var file unix.Stat_t
		if err := unix.Lstat(change.Path, &file); err == nil && file.Nlink > 1 {
			say(fmt.Sprintf("%s has another name (a hard link), which keeps the text of before", change.Path))
		}
	}
}

// changes are those that write the texts: to where links lead, once for a file
// that has several names.
func (p Proposal) changes() ([]store.Change, error) {
	var changes []store.Change
	byName := map[string]string{} // path of each file, by where it leads
	for _, path := range slices.Sorted(maps.Keys(p.before)) {
		change, err := p.change(path)
		if err != nil {
			return nil, fmt.Errorf("write fixes: %w", err)
		}
		if other, known := byName[change.Path]; !known {
			byName[change.Path] = path
			changes = append(changes, change)
		} else if p.texts[other] != p.texts[path] {
			return nil, fmt.Errorf("write fixes: %s and %s are one file, which is fixed in another way by each name: audit one of them alone", other, path)
		}
	}
	return changes, nil
}

func (p Proposal) change(path string) (store.Change, error) {
	way, err := trust.Look(path)
	if err == nil && os.Geteuid() == 0 { // others can only be led to what they may write anyway
		err = way.Confined()
	}
	if err != nil {
		return store.Change{}, fmt.Errorf("%w; --diff shows the changes", err)
	}
	file, err := store.ReadConfined(way.Real)
	if err != nil {
		return store.Change{}, err
	}
	if file.Kind != store.File || string(file.Content) != p.before[path].Source {
		return store.Change{}, fmt.Errorf("%s was modified by another program meanwhile: run it again", path)
	}
	return store.Change{Path: way.Real, Before: file, After: file.WithContent(p.texts[path])}, nil
}
