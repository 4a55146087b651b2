package trust

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lookOnly opens links too, and nothing behind a FIFO or a device.
const lookOnly = unix.O_PATH

// linkRefused is never met here: links are opened.
const linkRefused = unix.ELOOP

const descriptorFolder = "/proc/self/fd"

const toRead = unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC

// reopen opens for reading what a descriptor is of. Without /proc it goes by the
// path once more; the caller compares what came of it.
func reopen(descriptor int, path string) (int, error) {
	opened, err := unix.Open(descriptorPath(descriptor), toRead, 0)
	if errors.Is(err, unix.ENOENT) {
		return unix.Open(path, toRead, 0)
	}
	return opened, err
}

// openAnyones opens a file, whoever can change it.
func openAnyones(path string) (*os.File, error) {
	descriptor, err := unix.Open(path, lookOnly|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(descriptor)
	return openLooked(descriptor, path, path)
}
