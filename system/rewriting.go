package system

import "fmt"

// Rewriting is the change that gives a file another text, made of the one that
// it has; its owner and mode stay. A file in a folder that others can change is
// refused.
func Rewriting(path string, edit func(text string) (string, error)) (Change, error) {
	before, err := ReadEntry(path)
	if err != nil {
		return Change{}, fmt.Errorf("read %s: %w", path, err)
	}
	if before.Kind != File {
		return Change{}, fmt.Errorf("%s is %s, and no file", path, before)
	}
	text, err := edit(string(before.content))
	if err != nil {
		return Change{}, err
	}
	return Change{Path: path, Before: before, After: before.withContent(text)}, nil
}

// Add adds changes to the end of a plan, which go back with the others when the
// plan fails, and not with a rollback.
func (p *Plan) Add(changes ...Change) { p.Changes = append(p.Changes, changes...) }
