package express

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"
)

// Write makes the folders and files. Each file is whole or not there; the
// folders of the application belong to it.
func (s *Setup) Write() error {
	if err := os.MkdirAll(filepath.Dir(s.Root), 0o755); err != nil {
		return fmt.Errorf("server root: %w", err)
	}
	// The root comes first. It was checked before it was there; now it is there.
	for i, folder := range s.Folders {
		if err := folder.make(s.uid, s.gid); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		if err := s.caller.checkRoot(s.Root); err != nil {
			return err
		}
	}
	return s.writeFiles()
}

// writeFiles writes all beside their places before the first is renamed: a full
// disk leaves no root of which half is new.
func (s *Setup) writeFiles() error {
	written := make([]*renameio.PendingFile, len(s.Files))
	var group errgroup.Group // side by side, since each waits for the disk
	for i, file := range s.Files {
		group.Go(func() (err error) {
			written[i], err = file.writeBeside()
			return err
		})
	}
	err := group.Wait()
	for i, pending := range written {
		switch {
		case pending == nil:
		case err == nil:
			if renamed := pending.CloseAtomicallyReplace(); renamed != nil {
				err = errors.Join(fmt.Errorf("write %s: %w", s.Files[i].Path, renamed), pending.Cleanup())
			}
		default:
			err = errors.Join(err, pending.Cleanup())
		}
	}
	return err
}

// Compile has Python compile the library, which processes of the application
// may read and not write: each would compile it anew, and be 0.3 MB larger.
// What goes wrong has no other effect than that.
func (s *Setup) Compile() {
	source, err := os.Stat(filepath.Join(s.library.folder, "application.py"))
	if err != nil || s.library.isCompiled(source.ModTime()) {
		return
	}
	command := exec.Command(s.library.python, "-E", "-S", "-m", "compileall", "-q", s.library.folder)
	command.Dir = "/" // and not in a folder of others: Python imports what lies where it is started
	_ = command.Run()
}

// A library is the Python that handler.wsgi runs on.
type library struct {
	folder string
	python string // the interpreter
	series string // of it: "3.11"
}

// isCompiled reports whether this Python has compiled what was written then.
// Python 2 leaves the result beside the source.
func (l library) isCompiled(written time.Time) bool {
	compiled, _ := filepath.Glob(filepath.Join(l.folder, "__pycache__", "application.*-"+strings.ReplaceAll(l.series, ".", "")+"*.pyc"))
	for _, path := range append(compiled, filepath.Join(l.folder, "application.pyc")) {
		if info, err := os.Stat(path); err == nil && !info.ModTime().Before(written) {
			return true
		}
	}
	return false
}

func (f Folder) make(uid, gid int) error {
	if exists(f.Path) {
		return nil
	}
	if err := f.makeNew(uid, gid); err != nil {
		return fmt.Errorf("make folder %s: %w", f.Path, err)
	}
	return nil
}

// makeNew goes by what it has opened: others may own the folder that this one is
// made in, and put a link in its place.
func (f Folder) makeNew(uid, gid int) error {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
		return err
	}
	parent, err := os.OpenRoot(filepath.Dir(f.Path))
	if err != nil {
		return err
	}
	defer parent.Close()
	name := filepath.Base(f.Path)
	if err := parent.Mkdir(name, f.Mode); err != nil {
		if errors.Is(err, fs.ErrExist) { // another wsgictl made it
			return nil
		}
		return err
	}
	folder, err := parent.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	if info, err := folder.Stat(); err != nil || !info.IsDir() {
		return errors.Join(errors.New("something else was put in its place"), err)
	}
	if err := folder.Chmod(f.Mode); err != nil { // whatever the umask
		return err
	}
	if f.App && os.Getuid() == 0 {
		return folder.Chown(uid, gid)
	}
	return nil
}

// writeBeside writes the file to the disk under a name of its own; nil where
// what is there may stay.
func (f File) writeBeside() (*renameio.PendingFile, error) {
	if f.Keep && exists(f.Path) || f.isWritten() {
		return nil, nil
	}
	pending, err := renameio.NewPendingFile(f.Path, renameio.WithTempDir(filepath.Dir(f.Path)), renameio.WithStaticPermissions(f.Mode))
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", f.Path, err)
	}
	if _, err = pending.WriteString(f.Text); err == nil {
		err = pending.Sync()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write %s: %w", f.Path, err), pending.Cleanup())
	}
	return pending, nil
}

// isWritten reports whether the file is there just as it would be written, as
// most are when a server is started again. One that others could change is
// written anew.
func (f File) isWritten() bool {
	info, err := os.Lstat(f.Path)
	if err != nil || info.Mode() != f.Mode || info.Size() != int64(len(f.Text)) || !ownedBySelf(info) {
		return false
	}
	text, err := os.ReadFile(f.Path)
	return err == nil && string(text) == f.Text
}

func ownedBySelf(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Getuid()
}
