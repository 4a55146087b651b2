package trust

import (
	"errors"
	"os"
	"slices"
	"strconv"

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

// procRoot is the inode of the root of a proc(5) file system.
const procRoot = 1

// leadsIntoProcess tells links such as /proc/PID/fd/3 and /proc/PID/root, by
// which the kernel goes to the file or folder itself, whatever their text says:
// to one that is deleted, or of another mount namespace. Nothing can be said of
// the way there. The three streams that this process was given are its caller's;
// links such as /proc/self and /proc/mounts are like any other.
func leadsIntoProcess(folder int, at, name string) bool {
	var system unix.Statfs_t
	if err := unix.Fstatfs(folder, &system); err != nil || system.Type != unix.PROC_SUPER_MAGIC {
		return err != nil
	}
	var stat unix.Stat_t
	if err := unix.Fstat(folder, &stat); err == nil && stat.Ino == procRoot {
		return false
	}
	ownStreams := "/proc/" + strconv.Itoa(os.Getpid()) + "/fd"
	return at != ownStreams || !slices.Contains([]string{"0", "1", "2"}, name)
}
