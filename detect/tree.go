package detect

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

// A tree is the file system looked at: "" for this machine's own, or a folder
// that holds the recorded files of another one. Paths in a Host never carry
// the folder's name.
type tree string

// at gives the name under which the machine's absolute path can be opened.
func (t tree) at(path string) string {
	if t == "" {
		return path
	}
	return filepath.Join(string(t), path)
}

// without is the reverse of at.
func (t tree) without(name string) string {
	if t == "" {
		return name
	}
	return "/" + strings.TrimPrefix(strings.TrimPrefix(name, string(t)), "/")
}

// Limits of what is read of one file, in bytes: the largest of Python's tables
// has some 100 KB, the configuration of a host with thousands of sites a few MB.
const (
	textLimit  = 1 << 20
	largeLimit = 16 << 20
	imageLimit = 128 << 20 // of an ELF or Mach-O file
)

// read reads a regular file of a usual size, whoever it belongs to: a FIFO, a
// device or an endless file is an error.
func (t tree) read(path string) (string, error) { return t.readWithin(path, textLimit) }

// readLarge reads a file that may be a large one: configuration, accounts,
// tables of the kernel and the loader.
func (t tree) readLarge(path string) (string, error) { return t.readWithin(path, largeLimit) }

func (t tree) readWithin(path string, limit int64) (string, error) {
	content, err := trust.ReadFile(t.at(path), limit)
	return unsafe.String(unsafe.SliceData(content), len(content)), err //nolint:gosec // content is not written to again
}

// open opens a regular file that may be an ELF or Mach-O one, and is not too
// large to be read.
func (t tree) open(path string) (*os.File, error) {
	file, err := trust.OpenRegular(t.at(path))
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.Size() > imageLimit {
		_ = file.Close()
		return nil, cmp.Or(err, error(&trust.TooLarge{Path: path, Limit: imageLimit}))
	}
	return file, nil
}

func (t tree) exists(path string) bool {
	_, err := os.Stat(t.at(path))
	return err == nil
}

func (t tree) isDir(path string) bool {
	info, err := os.Stat(t.at(path))
	return err == nil && info.IsDir()
}

// isProgram reports whether path is a regular file, or a link to one, that
// somebody may execute.
func (t tree) isProgram(path string) bool {
	info, err := os.Stat(t.at(path))
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// glob expands a pattern below a folder, whose own name means what it says: it may
// hold characters of a pattern. The result is sorted.
func (t tree) glob(dir, pattern string) []string {
	names, _ := fs.Glob(os.DirFS(t.at(dir)), strings.TrimPrefix(filepath.Clean(pattern), "/")) // a bad pattern fits nothing
	for i, name := range names {
		names[i] = filepath.Join(dir, name)
	}
	return names
}

// real follows every link of path; a path that does not exist is given back
// as it is.
func (t tree) real(path string) string {
	resolved, err := filepath.EvalSymlinks(t.at(path))
	if err != nil {
		return path
	}
	return t.without(resolved)
}

// programs collects program files, each once however many names it has.
type programs struct {
	paths []string
	files []os.FileInfo
}

// add takes path where it is a program that is not among them yet.
func (p *programs) add(t tree, path string) bool {
	info, err := os.Stat(t.at(path))
	if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
		return false
	}
	if slices.ContainsFunc(p.files, func(known os.FileInfo) bool { return os.SameFile(info, known) }) {
		return false
	}
	p.paths, p.files = append(p.paths, path), append(p.files, info)
	return true
}

// same reports whether both paths lead to one existing file or folder.
func (t tree) same(a, b string) bool {
	x, errA := os.Stat(t.at(a))
	y, errB := os.Stat(t.at(b))
	return errA == nil && errB == nil && os.SameFile(x, y)
}

// absolute makes what a user wrote absolute; paths of a recorded tree are
// absolute already.
func (t tree) absolute(path string) (string, error) {
	if t != "" {
		return filepath.Clean("/" + path), nil
	}
	return filepath.Abs(path)
}

func (t tree) isFile(path string) bool {
	info, err := os.Stat(t.at(path))
	return err == nil && info.Mode().IsRegular()
}

// firstProgram searches folders for a program; empty when none has it.
func (t tree) firstProgram(name string, dirs []string) string {
	for _, dir := range dirs {
		if path := filepath.Join(dir, name); t.isProgram(path) {
			return path
		}
	}
	return ""
}

// names lists a folder; what cannot be listed holds nothing.
func (t tree) names(dir string) []string {
	folder, err := os.Open(t.at(dir))
	if err != nil {
		return nil
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(-1) // what was read before an error is still true
	slices.Sort(names)
	return names
}
