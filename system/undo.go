package system

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// An Undo is one thing that a command makes for a change beside what the
// transaction writes, and that is to be taken away again unless the change holds.
// It is remembered in the store before it is made, and forgotten once the change
// holds: what a command that failed or was killed has made is thus known.
type Undo struct {
	Kind UndoKind `json:"kind"`
	Name string   `json:"name"` // of the account; path of the virtualenv or file

	// Mark tells it from another of that name that somebody made since: what an
	// account has as its comment, the digest of a file.
	Mark string `json:"mark,omitempty"`

	// Folders are those in which an account may have come to own something.
	Folders []string `json:"folders,omitempty"`
}

// An UndoKind is what sort of thing was made.
type UndoKind string

// The kinds of an Undo.
const (
	UndoAccount     UndoKind = "account"
	UndoModule      UndoKind = "module"      // in a virtualenv that had none
	UndoKept        UndoKind = "kept module" // where root keeps those for virtualenvs of others
	UndoDeclaration UndoKind = "declaration"
)

// NewModule is the mod_wsgi that a virtualenv without one is about to get.
func NewModule(venv string) Undo { return Undo{Kind: UndoModule, Name: venv} }

// NewKept is a module that root is about to keep. Its name has a digest, so that
// another one has another name.
func NewKept(path string) Undo { return Undo{Kind: UndoKept, Name: path} }

// NewDeclaration is a wsgictl.toml that is about to be written.
func NewDeclaration(path, text string) Undo {
	return Undo{Kind: UndoDeclaration, Name: path, Mark: store.Digest([]byte(text))}
}

// String names what was made.
func (u Undo) String() string {
	switch u.Kind {
	case UndoAccount:
		return "the account " + u.Name
	case UndoModule:
		return "mod_wsgi in " + u.Name
	}
	return u.Name
}

// byHand is the command that undoes it by hand.
func (u Undo) byHand() string {
	switch u.Kind {
	case UndoAccount:
		return removalOf(u.Name)
	case UndoModule:
		return "pip --python " + detect.ShellArgument(u.Name) + " uninstall mod_wsgi"
	}
	return "rm " + detect.ShellArgument(u.Name)
}

// undo takes it away.
func (u Undo) undo(ctx context.Context) error {
	switch u.Kind {
	case UndoAccount:
		return RemoveAccount(ctx, u)
	case UndoModule:
		return removeInstalled(ctx, u.Name)
	case UndoKept, UndoDeclaration:
		return u.removeFile()
	}
	return fmt.Errorf("this wsgictl knows no %q", u.Kind)
}

func removeInstalled(ctx context.Context, venv string) error {
	read, err := detect.ReadVirtualenv(venv)
	if err != nil {
		return err
	}
	if read.Foreign() {
		return fmt.Errorf("others can change it meanwhile (%s)", read.OthersCanChange)
	}
	return installer.Remove(ctx, &read)
}

// removeFile removes a file as it was written, from a folder that root alone can
// change; one that somebody has edited since is theirs.
func (u Undo) removeFile() error {
	if !isThere(u.Name) { // whoever's the folder is where it was to be
		return nil
	}
	folder, err := trust.Deciders().OpenRoot(filepath.Dir(u.Name))
	if err != nil {
		return err
	}
	defer folder.Close()
	content, err := folder.ReadFile(filepath.Base(u.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && u.Mark != "" && store.Digest(content) != u.Mark {
		err = errors.New("it was edited")
	}
	if err != nil {
		return err
	}
	return folder.Remove(filepath.Base(u.Name))
}

// undoName is what the store has the list under.
const undoName = "made.json"

// undoList is what stands in the store.
type undoList struct {
	After int    `json:"after"` // the generation in force when it was made
	Made  []Undo `json:"made"`
}

// Remember remembers what is about to be made. The caller holds the lock.
func (h History) Remember(undo Undo) error {
	undos, err := h.Unfinished()
	if err != nil {
		return err
	}
	current, err := h.Current()
	if err != nil {
		return err
	}
	if err := h.WriteRecord(undoName, undoList{current.Number, append(undos, undo)}); err != nil {
		return fmt.Errorf("remember what is made: %w", err)
	}
	return nil
}

// Unfinished are the undos of what was made for a change that did not hold, in the order in
// which that was made.
func (h History) Unfinished() ([]Undo, error) {
	var list undoList
	if err := h.ReadRecord(undoName, &list); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, fmt.Errorf("read what was made: %w", err)
	}
	current, err := h.Current()
	if err != nil || current.Number > list.After { // the command was killed after its change held
		return nil, err
	}
	return list.Made, nil
}

// Forget forgets what is remembered: what was made stays, or is gone.
func (h History) Forget() error { return h.RemoveRecord(undoName) }

// UndoUnfinished undoes what a command made whose change did not hold, the last of
// it first, and gives what that was. What cannot be undone is named in the error,
// with the command that does it, and left. A signal does not stop it.
func (h History) UndoUnfinished(ctx context.Context) (undone string, err error) {
	undos, err := h.Unfinished()
	if err != nil {
		return "", err
	}
	ctx = context.WithoutCancel(ctx)
	var done []string
	var left []error
	for i := len(undos) - 1; i >= 0; i-- {
		if err := undos[i].undo(ctx); err != nil {
			left = append(left, fmt.Errorf("%s stays: %w; to take it away: %s", undos[i], err, undos[i].byHand()))
		} else {
			done = append(done, undos[i].String())
		}
	}
	return strings.Join(done, ", "), errors.Join(append(left, h.Forget())...)
}
