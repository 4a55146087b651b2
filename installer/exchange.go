package installer

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange lets what two folders have under a name change places in one step.
// It is errors.ErrUnsupported where the file system cannot do that.
func exchange(from, to *os.Root, name string) error {
	a, err := from.Open(".")
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := to.Open(".")
	if err != nil {
		return err
	}
	defer b.Close()
	err = swapNames(int(a.Fd()), int(b.Fd()), name)
	for _, unsupported := range []error{unix.EINVAL, unix.ENOSYS, unix.ENOTSUP} {
		if errors.Is(err, unsupported) {
			return errors.ErrUnsupported
		}
	}
	if err != nil {
		return &os.LinkError{Op: "exchange", Old: from.Name(), New: to.Name(), Err: err}
	}
	return nil
}
