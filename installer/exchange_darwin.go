package installer

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange lets two names below root change places in one step. It is
// errors.ErrUnsupported where the file system cannot do that.
func exchange(root *os.Root, a, b string) error {
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	defer folder.Close()
	fd := int(folder.Fd())
	err = unix.RenameatxNp(fd, a, fd, b, unix.RENAME_SWAP)
	if errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EINVAL) {
		return errors.ErrUnsupported
	}
	if err != nil {
		return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
	}
	return nil
}
