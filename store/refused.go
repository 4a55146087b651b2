package store

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Refused is about a file that its file system does not let be replaced.
type Refused struct {
	Change Change
	Err    error // of the file system
}

func (e *Refused) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Change.Verb(), e.Change.Path, refusals[errno(e.Err)])
}

func (e *Refused) Unwrap() error { return e.Err }

// refusals say why a file cannot be replaced, and what to do about it.
var refusals = map[unix.Errno]string{
	unix.EROFS: "its file system is mounted read-only; have it mounted for writing (mount -o remount,rw), or change the file where it comes from",
	unix.EBUSY: ownMount,
	unix.EXDEV: ownMount, // of a second name for it
}

const ownMount = "it is a mount of its own, as of a single file into a container, so that no other file can take its place; mount its folder instead, or change the file that is mounted there"

func errno(err error) unix.Errno {
	var number unix.Errno
	errors.As(err, &number)
	return number
}

// refused is an error of what was tried with a change: it says what to do where a file
// system refuses it.
func refused(tried string, change Change, err error) error {
	if _, known := refusals[errno(err)]; known {
		return &Refused{change, err}
	}
	return fmt.Errorf("%s %s: %w", tried, change.Path, err)
}
