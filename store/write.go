package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// write makes all changes, in their order. Before the first of them, all new
// content is on disk beside its place and all old content has a second name,
// so that neither doing nor undoing needs room on the disk.
func (j *Journal) write() error {
	for i, change := range j.Changes {
		if err := j.prepare(i, change); err != nil {
			return refused("prepare", change, err)
		}
	}
	if err := j.syncFresh(); err != nil {
		return err
	}
	for i, change := range j.Changes {
		err := j.do(i, change)
		if dir := filepath.Dir(change.Path); err == nil && (i+1 == len(j.Changes) || filepath.Dir(j.Changes[i+1].Path) != dir) {
			err = j.folders.sync(change.Path) // the names of one folder at once, and in order those of several
		}
		if err != nil {
			return refused("write", change, err)
		}
	}
	return nil
}

// syncFresh brings all new content to disk, side by side, since that is waiting.
func (j *Journal) syncFresh() error {
	var group errgroup.Group
	group.SetLimit(16)
	for i, change := range j.Changes {
		if change.After.Kind != File {
			continue
		}
		group.Go(func() error {
			if err := j.syncFile(j.fresh(i)); err != nil {
				return refused("write", change, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// syncFile brings a file to disk, in a folder that is held already.
func (j *Journal) syncFile(path string) error {
	folder, name, err := j.folders.of(path)
	if err != nil {
		return err
	}
	file, err := folder.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
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

// keepBackup gives the old file a second name, where the file system has such.
// Where it has none, undo takes the content from the store.
func (j *Journal) keepBackup(i int, path string) error {
	folder, name, err := j.folders.of(path)
	if err != nil {
		return err
	}
	j.store.Report("put aside " + j.backup(i))
	err = folder.Link(name, filepath.Base(j.backup(i)))
	for _, unable := range []error{unix.EPERM, unix.ENOTSUP, unix.ENOSYS, unix.EMLINK} {
		if errors.Is(err, unable) {
			return nil
		}
	}
	return err
}

func (j *Journal) do(i int, change Change) error {
	if change.Before.Kind == Folder || change.After.Kind == Folder {
		return nil // made before and removed after, since files wait in it
	}
	j.store.Report(change.Verb() + " " + change.Path)
	j.begun = true
	if change.After.Kind == Absent {
		return j.folders.remove(change.Path)
	}
	return j.folders.rename(j.fresh(i), change.Path)
}

// Verb is what the change does, in a word.
func (c Change) Verb() string {
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

// putAside writes a file or link under a name of its own.
func (j *Journal) putAside(path string, state PathState) error {
	if state.Kind != File && state.Kind != Link {
		return nil
	}
	folder, name, err := j.folders.of(path)
	if err != nil {
		return err
	}
	j.store.Report("put aside " + path)
	if state.Kind == Link {
		return folder.Symlink(state.Target, name)
	}
	return writeNew(folder, name, state)
}

// writeNew makes a file that is not there yet. Nobody else can open it before
// it has its owner and its permissions.
func writeNew(folder *os.Root, name string, state PathState) (err error) {
	file, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(state.Content); err != nil {
		return err
	}
	if err := file.Chown(state.UID, state.GID); err != nil {
		return fmt.Errorf("keep its owner, user %d and group %d: %w; do it as that user, in that group, or as root", state.UID, state.GID, err)
	}
	return file.Chmod(state.Mode)
}

func (j *Journal) makeFolder(path string, state PathState) error {
	folder, name, err := j.folders.of(path)
	if err != nil {
		return err
	}
	j.store.Report("make folder " + path)
	if err := folder.Mkdir(name, state.Mode); err != nil {
		return err
	}
	if err := folder.Lchown(name, state.UID, state.GID); err != nil {
		return err
	}
	if err := folder.Chmod(name, state.Mode); err != nil { // Mkdir minds the umask
		return err
	}
	return syncFolder(folder, ".")
}
