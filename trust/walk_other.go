//go:build unix && !linux

package trust

import (
	"os"

	"golang.org/x/sys/unix"
)

// lookOnly has no word for looking alone here: a FIFO is opened without waiting
// for a writer.
const lookOnly = unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOCTTY

// linkRefused is what FreeBSD says of a link that is not to be followed.
const linkRefused = unix.EMLINK

const descriptorFolder = "/dev/fd"

// reopen takes the descriptor itself, which is open for reading.
func reopen(descriptor int, _ string) (int, error) {
	return unix.FcntlInt(uintptr(descriptor), unix.F_DUPFD_CLOEXEC, 0)
}

// openAnyones opens a file, whoever can change it. It is looked at first, since
// to open a device may do something.
func openAnyones(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &NotRegular{Path: path, Kind: "no regular file"}
	}
	descriptor, err := unix.Open(path, lookOnly|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(descriptor)
	return openLooked(descriptor, path, path)
}

// leadsIntoProcess finds no such links: what a process has open has no name
// here but in its own /dev/fd.
func leadsIntoProcess(int, string, string) bool { return false }
