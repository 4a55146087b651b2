package hostfiles

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"github.com/wsgictl/wsgictl/trust"
)

// A Root is the folder that stands for /: "" for this machine's own files, or a
// folder that holds the recorded files of another one. Paths that are given and
// got never carry the folder's name.
type Root string

// IsHere tells this machine's own files.
func (r Root) IsHere() bool { return r == "" }

// At gives the name under which the machine's absolute path can be opened.
func (r Root) At(path string) string {
	if r.IsHere() {
		return path
	}
	return filepath.Join(string(r), path)
}

// Without is the reverse of At.
func (r Root) Without(name string) string {
	if r.IsHere() {
		return name
	}
	return "/" + strings.TrimPrefix(strings.TrimPrefix(name, string(r)), "/")
}

// Limits of what is read of one file, in bytes: the largest of Python's tables
// has some 100 KB, the configuration of a host with thousands of sites a few MB.
const (
	textLimit  = 1 << 20
	largeLimit = 16 << 20
	imageLimit = 128 << 20 // of an ELF or Mach-O file
)

// Read reads a regular file of a usual size, whoever it belongs to: a FIFO, a
// device or an endless file is an error.
func (r Root) Read(path string) (string, error) { return r.readWithin(path, textLimit) }

// ReadLarge reads a file that may be a large one: configuration, accounts,
// tables of the kernel and the loader.
func (r Root) ReadLarge(path string) (string, error) { return r.readWithin(path, largeLimit) }

func (r Root) readWithin(path string, limit int64) (string, error) {
	content, err := trust.ReadFile(r.At(path), limit)
	return unsafe.String(unsafe.SliceData(content), len(content)), err //nolint:gosec // content is not written to again
}

// Open opens a regular file that may be an ELF or Mach-O one, and is not too
// large to be read.
func (r Root) Open(path string) (*os.File, error) {
	file, err := trust.OpenRegular(r.At(path))
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.Size() > imageLimit {
		_ = file.Close()
		return nil, cmp.Or(err, error(&trust.TooLarge{Path: path, Limit: imageLimit}))
	}
	return file, nil
}

// Exists tells whether anything is there that can be looked at.
func (r Root) Exists(path string) bool {
	_, err := os.Stat(r.At(path))
	return err == nil
}

// IsDir tells whether a folder is there, or a link to one.
func (r Root) IsDir(path string) bool {
	info, err := os.Stat(r.At(path))
	return err == nil && info.IsDir()
}

// IsProgram reports whether path is a regular file, or a link to one, that
// somebody may execute.
func (r Root) IsProgram(path string) bool {
	info, err := os.Stat(r.At(path))
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// Glob expands a pattern below a folder, whose own name means what it says: it may
// hold characters of a pattern. The result is sorted.
func (r Root) Glob(dir, pattern string) []string {
	names, _ := fs.Glob(os.DirFS(r.At(dir)), strings.TrimPrefix(filepath.Clean(pattern), "/")) // a bad pattern fits nothing
	for i, name := range names {
		names[i] = filepath.Join(dir, name)
	}
	return names
}

// Real follows every link of path; a path that does not exist is given back
// as it is.
func (r Root) Real(path string) string {
	resolved, err := filepath.EvalSymlinks(r.At(path))
	if err != nil {
		return path
	}
	return r.Without(resolved)
}

// Programs collects program files, each once however many names it has.
type Programs struct {
	Paths []string
	files []os.FileInfo
}

// Add takes path where it is a program that is not among them yet.
func (p *Programs) Add(r Root, path string) bool {
	info, err := os.Stat(r.At(path))
	if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
		return false
	}
	if slices.ContainsFunc(p.files, func(known os.FileInfo) bool { return os.SameFile(info, known) }) {
		return false
	}
	p.Paths, p.files = append(p.Paths, path), append(p.files, info)
	return true
}

// Same reports whether both paths lead to one existing file or folder.
func (r Root) Same(a, b string) bool {
	x, errA := os.Stat(r.At(a))
	y, errB := os.Stat(r.At(b))
	return errA == nil && errB == nil && os.SameFile(x, y)
}

// Absolute makes what a user wrote absolute; paths of a recorded tree are
// absolute already.
func (r Root) Absolute(path string) (string, error) {
	if !r.IsHere() {
		return filepath.Clean("/" + path), nil
	}
	return filepath.Abs(path)
}

// IsFile tells whether a regular file is there, or a link to one.
func (r Root) IsFile(path string) bool {
	info, err := os.Stat(r.At(path))
	return err == nil && info.Mode().IsRegular()
}

// FirstProgram searches folders for a program; empty when none has it.
func (r Root) FirstProgram(name string, dirs []string) string {
	for _, dir := range dirs {
		if path := filepath.Join(dir, name); r.IsProgram(path) {
			return path
		}
	}
	return ""
}

// Names lists a folder; what cannot be listed holds nothing.
func (r Root) Names(dir string) []string {
	folder, err := os.Open(r.At(dir))
	if err != nil {
		return nil
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(-1) // what was read before an error is still true
	slices.Sort(names)
	return names
}

// SearchPath is PATH without empty and relative folders, which depend on
// where the caller stands; for root, without those that others can change.
func (r Root) SearchPath() []string {
	path := os.Getenv("PATH")
	if r.IsHere() {
		path = trust.Deciders().SearchPath(path)
	}
	var dirs []string
	for _, dir := range filepath.SplitList(path) {
		if filepath.IsAbs(dir) && !slices.Contains(dirs, filepath.Clean(dir)) {
			dirs = append(dirs, filepath.Clean(dir))
		}
	}
	return dirs
}

// FirstOf is the first candidate that is there, empty where none is.
func FirstOf(candidates []string, there func(string) bool) string {
	for _, candidate := range candidates {
		if there(candidate) {
			return candidate
		}
	}
	return ""
}
