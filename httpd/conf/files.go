package conf

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trust"
)

// files reads the files of one host. Its names are those on that host; root is
// the folder that stands for "/" there, or empty.
type files struct {
	root string

	mu       sync.Mutex
	read     map[string]*reading
	contents map[identity]*content
	nothing  content // of /dev/null

	bytes, lines atomic.Int64 // of all contents
}

// reading is one file, being read or read.
type reading struct {
	done   sync.WaitGroup
	file   File
	listed bool // its folder has it as a regular file
	own    content
	err    error
}

// match is a file that an Include brings.
type match struct {
	name   string
	listed bool // its folder has it as a regular file
}

func newFiles(root string) *files {
	return &files{root: strings.TrimSuffix(root, "/"), read: map[string]*reading{}, contents: map[identity]*content{}}
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
		v := visitor{files: f}
		v.finish(r)
		v.leave()
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

func (v *visitor) finish(r *reading) {
	defer r.done.Done()
	if r.file.content, r.file.RootAlone, r.err = v.read(r.file.Name, r.listed, MaxText, &r.own); r.err == nil {
		r.file.Source = r.file.content.text
		_, r.file.Template = TemplateMark(r.file.Source)
	}
}

// fetch begins to read files, several at a time, since most of the
// time is spent waiting for the kernel. The readers end by themselves.
func (f *files) fetch(matches []match) {
	if len(matches) < 2 {
		return
	}
	claimed := f.claimAll(matches)
	var next atomic.Int64
	for range min(2*runtime.GOMAXPROCS(0), len(claimed)) {
		go func() {
			v := visitor{files: f}
			defer v.leave()
			for i := int(next.Add(1)) - 1; i < len(claimed); i = int(next.Add(1)) - 1 {
				v.finish(&claimed[i])
			}
		}()
	}
}

// claimAll claims those of the files that are not claimed yet.
func (f *files) claimAll(matches []match) []reading {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read, f.contents = withRoom(f.read, len(matches)), withRoom(f.contents, len(matches))
	claimed := make([]reading, len(matches))
	n := 0
	for _, m := range matches {
		if f.read[m.name] == nil {
			claimed[n].listed = m.listed
			f.claim(m.name, &claimed[n])
			n++
		}
	}
	return claimed[:n]
}

// withRoom gives a map that n more keys fit into at once.
func withRoom[K comparable, V any](m map[K]V, n int) map[K]V {
	if n <= len(m) {
		return m
	}
	grown := make(map[K]V, len(m)+n)
	maps.Copy(grown, m)
	return grown
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
	if len(name) > unix.PathMax {
		return name // which the kernel refuses
	}
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

func (f *files) isFolder(name string) bool { return f.kind(name) == unix.S_IFDIR }

func (f *files) isFile(name string) bool { return f.kind(name) == unix.S_IFREG }

// kind is the kind of file that is there, links followed, as st_mode has it; 0 for none.
func (f *files) kind(name string) uint32 {
	var stat unix.Stat_t
	if unix.Stat(f.path(name), &stat) != nil {
		return 0
	}
	return uint32(stat.Mode) & unix.S_IFMT //nolint:unconvert // 16 bits on some systems
}

// maxEntries is how many entries a folder may have.
const maxEntries = 1 << 20

// list gives the entries of a folder in the order of their bytes.
func (f *files) list(name string) ([]fs.DirEntry, error) {
	folder, err := os.OpenFile(f.path(name), os.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	entries, err := folder.ReadDir(maxEntries)
	if errors.Is(err, io.EOF) {
		err = nil // it is empty
	}
	if len(entries) == maxEntries {
		return nil, fmt.Errorf("it has more than the %d entries that are read", maxEntries)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// systemMessage is the text of a system error as C's strerror gives it to
// httpd. Of what is no regular file httpd says EBADF (AH00554).
func systemMessage(err error) string {
	var kind *trust.NotRegular
	if errors.As(err, &kind) {
		return systemMessage(unix.EBADF) + ": " + withoutPath(err).Error()
	}
	err = withoutPath(err)
	var number syscall.Errno
	if !errors.As(err, &number) {
		return err.Error()
	}
	message := number.Error()
	return strings.ToUpper(message[:1]) + message[1:]
}
