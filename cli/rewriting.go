package cli

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// rewriting are the texts that fixes give to files, of which none is written yet:
// what --diff shows, and --fix writes as one.
type rewriting struct {
	before map[string]*conf.File // as the audit read them first, by path
	texts  map[string]string     // by path; a next audit reads them in the place of the files
}

func newRewriting() rewriting {
	return rewriting{map[string]*conf.File{}, map[string]string{}}
}

// take adds fixed texts.
func (r rewriting) take(files []audit.Fixed, views []*wsgi.View) {
	for _, file := range files {
		path := pathOf(file.File, views)
		if r.before[path] == nil {
			r.before[path] = file.File
		}
		r.texts[path] = file.Text
	}
}

// write writes the texts as one transaction, and puts back what was there before
// unless verify finds it fine.
func (r rewriting) write(ctx context.Context, fixes *store.Store, say func(string), verify func() error) error {
	unlock, err := lockFixes(ctx, fixes, say)
	if err != nil {
		return err
	}
	defer unlock()
	changes, err := r.changes()
	if err != nil {
		return err
	}
	return fixes.Carry(store.Transaction{What: fixing, Changes: changes, Confined: true}, verify, nil)
}

// changes are those that write the texts: to where links lead, once for a file
// that has several names.
func (r rewriting) changes() ([]store.Change, error) {
	var changes []store.Change
	byName := map[string]string{} // path of each file, by where it leads
	for _, path := range slices.Sorted(maps.Keys(r.before)) {
		change, err := r.change(path)
		if err != nil {
			return nil, fmt.Errorf("write fixes: %w", err)
		}
		if other, known := byName[change.Path]; !known {
			byName[change.Path] = path
			changes = append(changes, change)
		} else if r.texts[other] != r.texts[path] {
			return nil, fmt.Errorf("write fixes: %s and %s are one file, which is fixed in another way by each name: audit one of them alone", other, path)
		}
	}
	return changes, nil
}

func (r rewriting) change(path string) (store.Change, error) {
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
	if file.Kind != store.File || string(file.Content) != r.before[path].Source {
		return store.Change{}, fmt.Errorf("%s was modified by another program meanwhile: run it again", path)
	}
	return store.Change{Path: way.Real, Before: file, After: file.WithContent(r.texts[path])}, nil
}
