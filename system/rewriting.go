package system

import (
	"fmt"

	"github.com/wsgictl/wsgictl/store"
)

// Rewriting is the change that gives a file another text, made of the one that
// it has; its owner and mode stay. A file in a folder that others can change is
// refused.
func Rewriting(path string, edit func(text string) (string, error)) (store.Change, error) {
	before, err := store.Read(path)
	if err != nil {
		return store.Change{}, fmt.Errorf("read %s: %w", path, err)
	}
	if before.Kind != store.File {
		return store.Change{}, fmt.Errorf("%s is %s, and no file", path, before)
	}
	text, err := edit(string(before.Content))
	if err != nil {
		return store.Change{}, err
	}
	return store.Change{Path: path, Before: before, After: before.WithContent(text)}, nil
}

// Add adds changes to the end of a plan, which go back with the others when the
// plan fails, and not with a rollback.
func (p *Plan) Add(changes ...store.Change) { p.Changes = append(p.Changes, changes...) }
