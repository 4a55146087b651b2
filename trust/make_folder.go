//go:build unix

package trust

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// MakeFolder makes a folder that is not there, with those above it, where only
// trusted accounts can change the way, and holds it open. Each is made in the
// folder that was looked at, so that nobody can lead elsewhere what is made.
// The modes of those above are 0755. What root makes is for other accounts to look
// into, so that the umask does not apply to it. made is false of a folder that was
// there.
func (t Trustees) MakeFolder(path string, mode os.FileMode) (folder *os.Root, made bool, err error) {
	if t.everyone {
		return makeAnyones(path, mode)
	}
	w, err := startWalk(path)
	defer w.close()
	if err != nil {
		return nil, false, err
	}
	w.missing = func(name string, last bool) error {
		if err := t.Accept(w.Way); err != nil {
			return err
		}
		bits := uint32(0o755)
		if last {
			bits, made = uint32(mode.Perm()), true
		}
		err := unix.Mkdirat(w.folder, name, bits)
		if errors.Is(err, unix.EEXIST) { // somebody was faster: it is looked at
			made = false
			return nil
		}
		if err == nil && os.Geteuid() == 0 {
			err = unix.Fchmodat(w.folder, name, bits, 0)
		}
		return err
	}
	err = w.follow(partsOf(w.Path))
	if untrusted := t.Accept(w.Way); untrusted != nil {
		err = untrusted
	}
	if err != nil {
		return nil, false, err
	}
	folder, err = t.OpenRoot(w.Real)
	return folder, made, err
}

func makeAnyones(path string, mode os.FileMode) (folder *os.Root, made bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, false, err
	}
	err = os.Mkdir(path, mode)
	if made = err == nil; !made && !errors.Is(err, os.ErrExist) {
		return nil, false, err
	}
	folder, err = os.OpenRoot(path)
	return folder, made, err
}
