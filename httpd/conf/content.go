package conf

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trust"
)

// content is what one file holds, whatever its names: it is read once.
type content struct {
	once sync.Once
	text string
	err  error

	counted *budget // the one that it was counted in last

	templateOnce sync.Once
	template     *templateText // what the marks of a template make of it
	rendered     []string      // the ways of deciding its conditions
}

// identity is what the names of one file have in common.
type identity struct{ device, inode uint64 }

// errTooLarge is about files that are too large together.
var errTooLarge = errors.New("the configuration is too large")

// A visitor reads files one after another, and keeps the folder of the last one
// open for the next.
type visitor struct {
	*files
	folder *trust.Folder
	path   string
}

func (v *visitor) leave() {
	if v.folder != nil {
		v.folder.Close()
		v.folder = nil
	}
}

func (v *visitor) enter(folder string) error {
	if v.folder != nil && v.path == folder {
		return nil
	}
	v.leave()
	opened, err := trust.OpenFolder(folder)
	if err == nil {
		v.folder, v.path = opened, folder
	}
	return err
}

// read gives what a regular file of at most limit bytes holds: own, or the
// content that another name of the file has given. It tells whether the file of
// that name is root's alone. Listed says that its folder has it as a regular file.
func (v *visitor) read(name string, listed bool, limit int64, own *content) (c *content, rootAlone bool, err error) {
	if name == os.DevNull {
		return &v.nothing, false, nil
	}
	path := v.files.path(name)
	if err := v.enter(filepath.Dir(path)); err != nil {
		return nil, false, err
	}
	open := v.folder.Open
	if listed {
		open = v.folder.OpenListed
	}
	file, err := open(filepath.Base(path))
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	if file.Size > limit {
		return nil, false, &trust.TooLarge{Path: path, Limit: limit}
	}
	c = v.share(identity{file.Device, file.Inode}, own)
	c.once.Do(func() { c.text, c.err = v.readAll(file) })
	return c, file.RootAlone, c.err
}

// share gives the content that other names of a file have, or makes own the one.
func (f *files) share(key identity, own *content) *content {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.contents[key]; c != nil {
		return c
	}
	f.contents[key] = own
	return own
}

// hold has a file that is there hold a text.
func (f *files) hold(path, text string) {
	var file unix.Stat_t
	if unix.Stat(path, &file) != nil {
		return
	}
	c := &content{text: text, err: f.countLines(text)}
	c.once.Do(func() {}) // it is read
	f.contents[identityOf(file)] = c
}

func identityOf(file unix.Stat_t) identity {
	return identity{uint64(file.Dev), uint64(file.Ino)} //nolint:unconvert // other numbers on other systems
}

func (f *files) hasRead(key identity) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.contents[key] != nil
}

// readAll reads a file, as long as all files together are not too large.
func (f *files) readAll(file trust.File) (string, error) {
	if err := f.countBytes(file.Size); err != nil {
		return "", err
	}
	bytes := make([]byte, file.Size)
	size := 0
	for size < len(bytes) {
		n, err := file.Read(bytes[size:])
		if err != nil {
			return "", err
		}
		if n == 0 {
			break // it became shorter
		}
		size += n
	}
	text := unsafe.String(unsafe.SliceData(bytes), size) //nolint:gosec // bytes is not written to again
	return text, f.countLines(text)
}

func (f *files) countBytes(size int64) error {
	if f.bytes.Add(size) > MaxText {
		return fmt.Errorf("%w: its files hold more than the %d MiB that are read", errTooLarge, MaxText>>20)
	}
	return nil
}

func (f *files) countLines(text string) error {
	if f.lines.Add(int64(strings.Count(text, "\n"))) > maxLines {
		return fmt.Errorf("%w: its files have more than the %d lines that are read", errTooLarge, maxLines)
	}
	return nil
}

// withoutPath is what an error is about, without the path on this machine: that
// of the host is told instead.
func withoutPath(err error) error {
	var kind *trust.NotRegular
	var size *trust.TooLarge
	var number syscall.Errno
	switch {
	case errors.As(err, &kind):
		return errors.New(strings.TrimPrefix(kind.Error(), kind.Path+": "))
	case errors.As(err, &size):
		return errors.New(strings.TrimPrefix(size.Error(), size.Path+": "))
	case errors.As(err, &number):
		return number
	}
	return err
}

// isRefused tells the errors about what is there, but is not to be read.
func isRefused(err error) bool {
	var kind *trust.NotRegular
	var size *trust.TooLarge
	return errors.As(err, &kind) || errors.As(err, &size) || errors.Is(err, errTooLarge)
}
