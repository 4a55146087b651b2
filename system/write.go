package system

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
	current, err := j.folders.read(change.Path)
	if err != nil {
		return err
	}
	if !current.Equal(change.Before) {
		return fmt.Errorf("it was modified by another program: %s stands there, expected was %s", current, change.Before)
	}
	if change.After.Kind == Folder && change.Before.Kind == Absent {
		return j.makeFolder(change.Path, change.After)
	}
	if err := j.putAside(j.fresh(i), change.After); err != nil {
		return err
	}
	if change.Before.Kind == File {
		return j.keepBackup(i, change.Path)
	}
	return nil
}

// keepBackup gives the old file a second name.
func (j *Journal) keepBackup(i int, path string) error {
	folder, name, err := j.folders.of(path)
	if err != nil {
		return err
	}
	j.store.report("put aside " + j.backup(i))
	return folder.Link(name, filepath.Base(j.backup(i)))
}

func (j *Journal) do(i int, change Change) error {
	if change.Before.Kind == Folder || change.After.Kind == Folder {
		return nil // made before and removed after, since files wait in it
	}
	j.store.report(change.verb() + " " + change.Path)
	j.begun = true
	var err error
	if change.After.Kind == Absent {
		err = j.folders.remove(change.Path)
	} else {
		err = j.folders.rename(j.fresh(i), change.Path)
	}
	if err != nil {
		return err
	}
	return j.folders.sync(change.Path)
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

// Undo brings back what was there before, the last change first. What another
// program modified meanwhile stays as it is; those paths are left.
func (j *Journal) Undo() (left []string, err error) {
	var failed []error
	for i, change := range slices.Backward(j.Changes) {
		err := j.undo(i, change)
		switch {
		case errors.Is(err, errModified):
			left = append(left, change.Path)
		case err != nil:
			failed = append(failed, fmt.Errorf("undo %s: %w", change.Path, err))
		}
	}
	return left, errors.Join(failed...)
}

var errModified = errors.New("modified by another program")

func (j *Journal) undo(i int, change Change) error {
	current, err := j.folders.read(change.Path)
	if err != nil || current.Equal(change.Before) {
		return err
	}
	if !current.Equal(change.After) && (current.Kind != Folder || change.After.Kind != Folder) {
		return errModified
	}
	j.store.report("undo " + change.Path)
	switch change.Before.Kind {
	case File:
		err = j.undoFile(i, change)
	case Link:
		err = j.writeAgain(i, change)
	case Absent:
		err = j.folders.remove(change.Path)
	}
	if err != nil {
		return err
	}
	return j.folders.sync(change.Path)
}

// undoFile gives the old file its name back. Where that second name is gone,
// the content comes from the store.
func (j *Journal) undoFile(i int, change Change) error {
	err := j.folders.rename(j.backup(i), change.Path)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := j.store.fill(&change.Before); err != nil {
		return err
	}
	return j.writeAgain(i, change)
}

// writeAgain writes what was there before in the place of what is there now.
func (j *Journal) writeAgain(i int, change Change) error {
	if err := j.folders.remove(j.fresh(i)); err != nil {
		return err
	}
	if err := j.putAside(j.fresh(i), change.Before); err != nil {
		return err
	}
	return j.folders.rename(j.fresh(i), change.Path)
}

// putAside writes a file or link under a name of its own, through to the disk.
func (j *Journal) putAside(path string, entry Entry) error {
	if entry.Kind != File && entry.Kind != Link {
		return nil
	}
	folder, name, err := j.folders.of(path)
	if err != nil {
		return err
	}
	j.store.report("put aside " + path)
	if entry.Kind == Link {
		return folder.Symlink(entry.Target, name)
	}
	return writeNew(folder, name, entry)
}

// writeNew makes a file that is not there yet. Nobody else can open it before
// it has its owner and its permissions.
func writeNew(folder *os.Root, name string, entry Entry) (err error) {
	file, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
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
	folder, name, err := j.folders.of(path)
	if err != nil {
		return err
	}
	j.store.report("make folder " + path)
	if err := folder.Mkdir(name, entry.Mode); err != nil {
		return err
	}
	if err := folder.Lchown(name, entry.UID, entry.GID); err != nil {
		return err
	}
	if err := folder.Chmod(name, entry.Mode); err != nil { // Mkdir minds the umask
		return err
	}
	return syncFolder(folder)
}
