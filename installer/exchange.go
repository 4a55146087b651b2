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
	err = swapNames(int(folder.Fd()), a, b)
	for _, unsupported := range []error{unix.EINVAL, unix.ENOSYS, unix.ENOTSUP} {
		if errors.Is(err, unsupported) {
			return errors.ErrUnsupported
		}
	}
	if err != nil {
		return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
	}
	return nil
}
