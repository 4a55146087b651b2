package httpdconf

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// files reads the files of one host. Its names are those on that host; root is
// the folder that stands for "/" there, or empty.
type files struct {
	root string

	mu   sync.Mutex
	read map[string]*reading
}

// reading is one file, being read or read.
type reading struct {
	done sync.WaitGroup
	file File
	err  error
}

func newFiles(root string) *files {
	return &files{root: strings.TrimSuffix(root, "/"), read: map[string]*reading{}}
}

// get gives the file name, which is read only once.
func (f *files) get(name string) (*File, error) {
	f.mu.Lock()
	r, claimed := f.read[name]
	if !claimed {
		r = &reading{}
		f.claim(name, r)
	}
	f.mu.Unlock()
	if !claimed {
		f.finish(r)
	}
	r.done.Wait()
	if r.err != nil {
		return nil, r.err
	}
	return &r.file, nil
}

// claim says that r will read the file name. It is called with the lock held.
func (f *files) claim(name string, r *reading) {
	r.file.Name = name
	r.done.Add(1)
	f.read[name] = r
}

func (f *files) finish(r *reading) {
	defer r.done.Done()
	r.file.Source, r.err = readFile(f.path(r.file.Name))
	_, r.file.Template = TemplateMark(r.file.Source)
}

// fetch begins to read the files names, several at a time, since most of the
// time is spent waiting for the kernel. The readers end by themselves.
func (f *files) fetch(names []string) {
	if len(names) < 2 {
		return
	}
	claimed := f.claimAll(names)
	var next atomic.Int64
	for range min(2*runtime.GOMAXPROCS(0), len(claimed)) {
		go func() {
			for i := int(next.Add(1)) - 1; i < len(claimed); i = int(next.Add(1)) - 1 {
				f.finish(&claimed[i])
			}
		}()
	}
}

// claimAll claims those of the files names that are not claimed yet.
func (f *files) claimAll(names []string) []reading {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(names) > len(f.read) { // room for all of them at once
		grown := make(map[string]*reading, len(f.read)+len(names))
		maps.Copy(grown, f.read)
		f.read = grown
	}
	claimed := make([]reading, len(names))
	n := 0
	for _, name := range names {
		if f.read[name] == nil {
			f.claim(name, &claimed[n])
			n++
		}
	}
	return claimed[:n]
}

// errNotRegular is what httpd says of a folder or device (AH00554): EBADF.
var errNotRegular = fmt.Errorf("not a regular file: %w", unix.EBADF)

// readFile reads a regular file with as few system calls as can be.
func readFile(name string) (string, error) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return "", err
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG && name != os.DevNull {
		return "", errNotRegular
	}
	if stat.Size > maxSource {
		return "", fmt.Errorf("larger than %d bytes", maxSource)
	}
	content := make([]byte, stat.Size)
	size := 0
	for size < len(content) {
		n, err := unix.Read(fd, content[size:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return "", err
		}
		if n == 0 {
			break
		}
		size += n
	}
	return unsafe.String(unsafe.SliceData(content), size), nil //nolint:gosec // content is not written to again
}

// path is where the file name of the host is to be found here.
func (f *files) path(name string) string {
	if f.root == "" {
		return name
	}
	return f.root + f.follow(name)
}

// maxLinks is the number of symbolic links that are followed for one name.
const maxLinks = 40

// follow resolves symbolic links below root as the host itself would: an
// absolute one begins again at root.
func (f *files) follow(name string) string {
	done, todo := "/", path.Clean("/"+name)
	for links := 0; todo != "" && links < maxLinks; {
		part, rest, _ := strings.Cut(strings.TrimLeft(todo, "/"), "/")
		next := path.Join(done, part)
		target, err := os.Readlink(f.root + next)
		if err != nil {
			done, todo = next, rest
			continue
		}
		links++
		if path.IsAbs(target) {
			done = "/"
		}
		todo = target + "/" + rest
	}
	return path.Join(done, todo)
}

// exists tells whether there is anything of that name.
func (f *files) exists(name string) bool {
	_, err := os.Stat(f.path(name))
	return err == nil
}

func (f *files) isFolder(name string) bool {
	info, err := os.Stat(f.path(name))
	return err == nil && info.IsDir()
}

func (f *files) isFile(name string) bool {
	info, err := os.Stat(f.path(name))
	return err == nil && info.Mode().IsRegular()
}

// list gives the entries of a folder in the order of their bytes.
func (f *files) list(name string) ([]fs.DirEntry, error) {
	return os.ReadDir(f.path(name)) // sorts them
}

// systemMessage is the text of a system error as C's strerror gives it to
// httpd.
func systemMessage(err error) string {
	var number syscall.Errno
	if !errors.As(err, &number) {
		return err.Error()
	}
	message := number.Error()
	return strings.ToUpper(message[:1]) + message[1:]
}
