package system

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/wsgictl/wsgictl/trust"
)

// Write makes all changes, in their order. Before the first of them, all new
// content is on disk beside its place and all old content has a second name,
// so that neither doing nor undoing needs room on the disk.
func (j *Journal) Write() error {
	for i, change := range j.Changes {
		if err := j.prepare(i, change); err != nil {
			return fmt.Errorf("prepare %s: %w", change.Path, err)
		}
	}
	for i, change := range j.Changes {
		if err := j.do(i, change); err != nil {
			return fmt.Errorf("write %s: %w", change.Path, err)
		}
	}
	return nil
}

func (j *Journal) prepare(i int, change Change) error {
	if err := trust.RootAndCaller().Check(filepath.Dir(change.Path)); err != nil {
		return err
	}
	current, err := ReadEntry(change.Path)
	if err != nil {
		return err
	}
	if !current.Equal(change.Before) {
		return fmt.Errorf("it was changed by somebody else just now: %s stands there, expected was %s", current, change.Before)
	}
	if change.After.Kind == Folder && change.Before.Kind == Absent {
		return j.makeFolder(change.Path, change.After)
	}
	if err := j.putAside(j.fresh(i), change.After); err != nil {
		return err
	}
	if change.Before.Kind == File {
		j.store.report("put aside " + j.backup(i))
		return os.Link(change.Path, j.backup(i))
	}
	return nil
}

func (j *Journal) do(i int, change Change) error {
	if change.Before.Kind == Folder || change.After.Kind == Folder {
		return nil // made before and removed after, since files wait in it
	}
	j.store.report(change.verb() + " " + change.Path)
	var err error
	if change.After.Kind == Absent {
		err = remove(change.Path)
	} else {
		err = os.Rename(j.fresh(i), change.Path)
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(change.Path))
}

func (c Change) verb() string {
	switch {
	case c.After.Kind == Absent:
		return "remove"
	case c.After.Kind == Link:
		return "link"
	case c.Before.Kind == Absent:
		return "create"
	default:
		return "change"
	}
}

// Undo brings back what was there before, the last change first. What somebody
// else changed meanwhile stays as it is; those paths are left.
func (j *Journal) Undo() (left []string, err error) {
	var failed []error
	for i, change := range slices.Backward(j.Changes) {
		err := j.undo(i, change)
		switch {
		case errors.Is(err, errChangedByOther):
			left = append(left, change.Path)
		case err != nil:
			failed = append(failed, fmt.Errorf("undo %s: %w", change.Path, err))
		}
	}
	return left, errors.Join(failed...)
}

var errChangedByOther = errors.New("changed by somebody else")

func (j *Journal) undo(i int, change Change) error {
	current, err := ReadEntry(change.Path)
	if err != nil || current.Equal(change.Before) {
		return err
	}
	if !current.Equal(change.After) && (current.Kind != Folder || change.After.Kind != Folder) {
		return errChangedByOther
	}
	j.store.report("undo " + change.Path)
	switch change.Before.Kind {
	case File:
		err = j.undoFile(i, change)
	case Link:
		_ = os.Remove(j.fresh(i))
		if err = j.putAside(j.fresh(i), change.Before); err == nil {
			err = os.Rename(j.fresh(i), change.Path)
		}
	case Absent:
		err = remove(change.Path)
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(change.Path))
}

// undoFile gives the old file its name back. Where that second name is gone,
// the content comes from the store.
func (j *Journal) undoFile(i int, change Change) error {
	err := os.Rename(j.backup(i), change.Path)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := j.store.fill(&change.Before); err != nil {
		return err
	}
	_ = os.Remove(j.fresh(i))
	if err := j.putAside(j.fresh(i), change.Before); err != nil {
		return err
	}
	return os.Rename(j.fresh(i), change.Path)
}

// putAside writes a file or link under a name of its own, through to the disk.
func (j *Journal) putAside(path string, entry Entry) error {
	switch entry.Kind {
	case File:
		j.store.report("put aside " + path)
		return writeNew(path, entry)
	case Link:
		j.store.report("put aside " + path)
		return os.Symlink(entry.Target, path)
	}
	return nil
}

// writeNew makes a file that is not there yet. Nobody else can open it before
// it has its owner and its permissions.
func writeNew(path string, entry Entry) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(entry.content); err != nil {
		return err
	}
	if err := file.Chown(entry.UID, entry.GID); err != nil {
		return err
	}
	if err := file.Chmod(entry.Mode); err != nil {
		return err
	}
	return file.Sync()
}

func (j *Journal) makeFolder(path string, entry Entry) error {
	j.store.report("make folder " + path)
	if err := os.Mkdir(path, entry.Mode); err != nil {
		return err
	}
	if err := os.Lchown(path, entry.UID, entry.GID); err != nil {
		return err
	}
	if err := os.Chmod(path, entry.Mode); err != nil { // Mkdir minds the umask
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// remove takes away a file, a link, or an empty folder. A folder that holds
// other people's files stays.
func remove(path string) error {
	err := os.Remove(path)
	if errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, syscall.EEXIST) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
