package installer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// An owner is whose the files of a virtualenv are. What root writes is given to
// them, so that they can still change or remove it.
type owner struct {
	uid, gid int // -1 where there is nothing to give
}

// ownerOf is who a folder belongs to.
func ownerOf(folder *os.Root) (owner, error) {
	if os.Geteuid() != 0 {
		return owner{-1, -1}, nil
	}
	opened, err := folder.Open(".")
	if err != nil {
		return owner{}, err
	}
	defer opened.Close()
	var stat unix.Stat_t
	if err := unix.Fstat(int(opened.Fd()), &stat); err != nil {
		return owner{}, err
	}
	return owner{int(stat.Uid), int(stat.Gid)}, nil
}

// writeFile makes a new file, which is theirs from the start.
func (o owner) writeFile(root *os.Root, name string, content wheelFile) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, content.mode())
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(content.data); err != nil {
		return err
	}
	if err := file.Chown(o.uid, o.gid); err != nil {
		return err
	}
	if err := file.Chmod(content.mode()); err != nil { // whatever the umask is
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return file.Close()
}

// takeFolders gives them the folders below one, the innermost first: in one that
// is theirs they could put something else under the name of the next.
func (o owner) takeFolders(below *os.Root) error {
	var folders []string
	err := fs.WalkDir(below.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && name != "." {
			folders = append(folders, name)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Backward(folders) {
		if err := o.take(below, name); err != nil {
			return err
		}
	}
	return nil
}

func (o owner) take(root *os.Root, name string) error {
	folder, err := root.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	if info, err := folder.Stat(); err != nil || !info.IsDir() {
		return errors.Join(fmt.Errorf("%s is no folder any more", name), err)
	}
	return folder.Chown(o.uid, o.gid)
}
