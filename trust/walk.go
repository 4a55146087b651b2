//go:build unix

package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// maxLinks is how many links the kernel follows on one way (path_resolution(7)).
const maxLinks = 40

// Look goes the way to a path as the kernel would, and tells who could change
// what it leads to. Relative paths start in the current folder. The error is
// about what is not there or may not be entered, and wraps the kernel's; what
// was found up to there comes with it.
func Look(path string) (Way, error) {
	w, err := walk(path)
	w.close()
	return w.Way, err
}

// LookForUse is Look for what is used as soon as somebody has made it: where it
// is not there yet, whoever can write in the folder where it would be can change
// what the path leads to, also in a sticky one.
func LookForUse(path string) (Way, error) {
	w, err := walk(path)
	defer w.close()
	if errors.Is(err, fs.ErrNotExist) && w.folder >= 0 {
		err = errors.Join(err, w.note(w.folder, w.at, true))
	}
	return w.Way, err
}

// A walker holds the folder that it is in open, so that nothing that was looked
// at can be exchanged before the next step.
type walker struct {
	Way
	accounts *Accounts
	folder   int    // descriptor
	at       string // its path
	file     int    // descriptor of what the path leads to; -1 on the way
	links    int

	missing func(name string, last bool) error // makes an entry of the folder that is not there; nil to go by what is
}

// openEntry takes a descriptor for looking alone where the system has such:
// neither a FIFO nor a device notices.
const openEntry = unix.O_NOFOLLOW | unix.O_CLOEXEC | lookOnly

// walk goes the way. What was opened is the caller's to close, also with an
// error.
func walk(path string) (*walker, error) {
	w, err := startWalk(path)
	if err != nil {
		return w, err
	}
	return w, w.follow(partsOf(w.Path))
}

// startWalk stands at the root, with the whole way to go.
func startWalk(path string) (*walker, error) {
	w := &walker{folder: -1, file: -1}
	w.Path = path
	if !filepath.IsAbs(path) {
		current, err := os.Getwd()
		if err != nil {
			return w, err
		}
		w.Path = current + "/" + path // not cleaned: the kernel goes up from where a link led
	}
	if err := w.restart(); err != nil {
		return w, err
	}
	return w, w.note(w.folder, "/", len(partsOf(w.Path)) == 0)
}

func partsOf(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == filepath.Separator })
}

// follow takes one step after the other, and puts a link's own steps before
// those that are left.
func (w *walker) follow(rest []string) error {
	for len(rest) > 0 {
		name := rest[0]
		rest = rest[1:]
		target, err := w.step(name, len(rest) == 0)
		if err != nil {
			return err
		}
		if target == "" {
			continue
		}
		if w.links++; w.links > maxLinks {
			return &os.PathError{Op: "follow", Path: w.Path, Err: unix.ELOOP}
		}
		if filepath.IsAbs(target) {
			if err := w.restart(); err != nil {
				return err
			}
		}
		rest = append(partsOf(target), rest...)
	}
	if w.file < 0 { // the way ended in the folder that is open
		w.file, w.folder = w.folder, -1
	}
	w.Real = w.at
	return nil
}

// step goes to one entry of the folder: into a folder, to the file at the end,
// or to a link, whose target it gives.
func (w *walker) step(name string, last bool) (target string, err error) {
	if name == "." {
		return "", nil
	}
	next := filepath.Join(w.at, name)
	opened, err := unix.Openat(w.folder, name, openEntry, 0)
	if errors.Is(err, unix.ENOENT) && w.missing != nil {
		if err := w.missing(name, last); err != nil {
			return "", &os.PathError{Op: "mkdir", Path: next, Err: err}
		}
		opened, err = unix.Openat(w.folder, name, openEntry, 0)
	}
	if errors.Is(err, unix.ELOOP) || errors.Is(err, linkRefused) { // a link, where these cannot be opened
		return w.link(-1, name, next)
	}
	if err != nil {
		return "", &os.PathError{Op: "open", Path: next, Err: err}
	}
	var stat unix.Stat_t
	if err := unix.Fstat(opened, &stat); err != nil {
		_ = unix.Close(opened)
		return "", &os.PathError{Op: "stat", Path: next, Err: err}
	}
	kind := stat.Mode & unix.S_IFMT
	if kind == unix.S_IFLNK {
		defer unix.Close(opened)
		return w.link(opened, name, next)
	}
	if err := w.note(opened, next, last); err != nil {
		_ = unix.Close(opened)
		return "", err
	}
	if kind != unix.S_IFDIR {
		if !last {
			_ = unix.Close(opened)
			return "", &os.PathError{Op: "open", Path: next, Err: unix.ENOTDIR}
		}
		w.file, w.at = opened, next
		return "", nil
	}
	w.enter(opened, next)
	return "", nil
}

func (w *walker) enter(folder int, at string) {
	if w.folder >= 0 {
		_ = unix.Close(w.folder)
	}
	w.folder, w.at = folder, at
}

// link notes a link and reads where it leads: on its own descriptor where there
// is one, else by its name in the folder that is open.
func (w *walker) link(opened int, name, next string) (target string, err error) {
	folder, entry := w.folder, name
	var stat unix.Stat_t
	if opened >= 0 {
		folder, name = opened, ""
		err = unix.Fstat(opened, &stat)
	} else {
		err = unix.Fstatat(folder, name, &stat, unix.AT_SYMLINK_NOFOLLOW)
	}
	if err != nil {
		return "", &os.PathError{Op: "stat", Path: next, Err: err}
	}
	buffer := make([]byte, unix.PathMax)
	size, err := unix.Readlinkat(folder, name, buffer)
	if err != nil {
		return "", &os.PathError{Op: "readlink", Path: next, Err: err}
	}
	w.add(next, Entry{UID: int(stat.Uid), GID: int(stat.Gid), Mode: unix.S_IFLNK})
	if leadsIntoProcess(w.folder, w.at, entry) {
		w.addHole(Hole{At: next, Open: true, Reason: "it leads to what a process has open, which its text does not tell"})
	}
	return string(buffer[:size]), nil
}

// restart goes to the root: at first, and for an absolute link.
func (w *walker) restart() error {
	root, err := unix.Open("/", openEntry|unix.O_DIRECTORY, 0)
	if err != nil {
		return &os.PathError{Op: "open", Path: "/", Err: err}
	}
	w.enter(root, "/")
	return nil
}

// note keeps who can change what a descriptor is of.
func (w *walker) note(opened int, at string, last bool) error {
	var stat unix.Stat_t
	if err := unix.Fstat(opened, &stat); err != nil {
		return &os.PathError{Op: "stat", Path: at, Err: err}
	}
	w.add(at, Entry{
		UID: int(stat.Uid), GID: int(stat.Gid), Mode: uint32(stat.Mode), Last: last, //nolint:unconvert // 16 bits on some systems
		List: func() AccessList { return ReadAccessList(descriptorPath(opened)) },
	})
	return nil
}

func (w *walker) add(at string, e Entry) {
	if e.IsRootsAlone() {
		return // the accounts need not be read
	}
	if w.accounts == nil {
		accounts := HostAccounts()
		w.accounts = &accounts
	}
	if hole, found := w.accounts.Hole(at, e); found {
		w.addHole(hole)
	}
}

func (w *walker) addHole(hole Hole) {
	if !slices.ContainsFunc(w.Holes, func(known Hole) bool { return known.At == hole.At && known.Open == hole.Open }) { // a link led there again
		w.Holes = append(w.Holes, hole)
	}
}

func (w *walker) close() {
	for _, descriptor := range []int{w.folder, w.file} {
		if descriptor >= 0 {
			_ = unix.Close(descriptor)
		}
	}
	w.folder, w.file = -1, -1
}

// descriptorPath is a name for what a descriptor is of, however its own name
// changes.
func descriptorPath(descriptor int) string {
	return descriptorFolder + "/" + strconv.Itoa(descriptor)
}

// openLooked opens for reading what a descriptor for looking is of.
func openLooked(descriptor int, path, again string) (*os.File, error) {
	var looked unix.Stat_t
	if err := unix.Fstat(descriptor, &looked); err != nil {
		return nil, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	switch kind := looked.Mode & unix.S_IFMT; kind {
	case unix.S_IFREG, unix.S_IFDIR:
	default:
		return nil, &NotRegular{Path: path, Kind: kindName(uint32(kind))} //nolint:unconvert // 16 bits on some systems
	}
	opened, err := reopen(descriptor, again)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	var stat unix.Stat_t
	if err := unix.Fstat(opened, &stat); err != nil || stat.Dev != looked.Dev || stat.Ino != looked.Ino {
		_ = unix.Close(opened)
		return nil, fmt.Errorf("%s: another file was put in its place while it was looked at", path)
	}
	return os.NewFile(uintptr(opened), path), nil
}

// NotRegular is about something that is not read: a FIFO, a socket, a device.
type NotRegular struct {
	Path string
	Kind string // "a FIFO"
}

func (e *NotRegular) Error() string {
	return fmt.Sprintf("%s: it is %s, and only regular files are read", e.Path, e.Kind)
}

func kindName(kind uint32) string {
	switch kind {
	case unix.S_IFIFO:
		return "a FIFO"
	case unix.S_IFSOCK:
		return "a socket"
	case unix.S_IFBLK, unix.S_IFCHR:
		return "a device"
	case unix.S_IFDIR:
		return "a folder"
	}
	return "no file"
}
