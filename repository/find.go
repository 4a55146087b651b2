package repository

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/trust"
)

const (
	maxFile    = 4 << 20   // bytes of a file that is looked at
	maxIgnores = 1 << 20   // bytes of a .gitignore
	maxEntries = 1_000_000 // files and folders of a repository
	maxDepth   = 128       // folders in each other
)

// Found is what a repository holds.
type Found struct {
	Files   []string // with Apache configuration, in the order of their names
	Skipped Skipped
}

// Find looks for Apache configuration in and below a folder. What a .gitignore of
// the folder, below it, or above it up to the repository's root names is passed over.
// Links to files count in the folder itself, as those of Debian's sites-enabled, unless
// it is the root of a repository. The error is that the folder itself cannot be read.
func Find(folder string) (Found, error) {
	f := finder{follows: !IsRoot(folder)}
	above := f.ignoresAbove(folder)
	if err := f.walk(folder, above); err != nil {
		return Found{}, err
	}
	f.addLinked()
	slices.Sort(f.found.Files)
	return f.found, nil
}

// IsRoot tells whether a folder is the root of a repository.
func IsRoot(folder string) bool {
	_, err := os.Lstat(filepath.Join(folder, ".git"))
	return err == nil
}

type finder struct {
	found   Found
	entries int
	depth   int
	follows bool     // links of the folder that was named
	links   []string // that were followed to Apache configuration
}

// level is the .gitignore of a folder, and those above.
type level struct {
	folder string
	list   ignores
	above  *level
}

// ignores tells whether a .gitignore names a path: one that is nearer counts
// before those above.
func (l *level) ignores(path string, isFolder bool) bool {
	for ; l != nil; l = l.above {
		below, err := filepath.Rel(l.folder, path)
		if err != nil {
			continue
		}
		if ignored, decided := l.list.decide(strings.Split(filepath.ToSlash(below), "/"), isFolder); decided {
			return ignored
		}
	}
	return false
}

// ignoresAbove are the ignore files of the repository that a folder lies in.
func (f *finder) ignoresAbove(folder string) *level {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return nil
	}
	var between []string // from the folder up, without itself
	for at := absolute; !IsRoot(at); at = filepath.Dir(at) {
		if at == filepath.Dir(at) {
			return nil // it is in no repository
		}
		between = append(between, filepath.Dir(at))
	}
	root := absolute
	if len(between) > 0 {
		root = between[len(between)-1]
	}
	levels := f.read(root, filepath.Join(root, ".git", "info", "exclude"), nil)
	for _, name := range slices.Backward(between) {
		levels = f.read(name, filepath.Join(name, ".gitignore"), levels)
	}
	return levels
}

// read adds an ignore file, where there is one.
func (f *finder) read(folder, name string, above *level) *level {
	text, err := trust.ReadFile(name, maxIgnores)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			f.found.Skipped.add(unreadable, name)
		}
		return above
	}
	return &level{folder: folder, list: readIgnores(string(text)), above: above}
}

func (f *finder) walk(folder string, above *level) error {
	entries, err := f.entriesOf(folder)
	if err != nil {
		return err
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	here := above
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".gitignore" && e.Type().IsRegular() }) {
		here = f.read(absolute, filepath.Join(absolute, ".gitignore"), above)
	}
	for _, entry := range entries {
		if err := f.see(folder, absolute, entry, here); err != nil {
			return err
		}
	}
	return nil
}

// entriesOf are the entries of a folder, by name. A folder that holds more than a
// repository may is not read to its end.
func (f *finder) entriesOf(folder string) ([]fs.DirEntry, error) {
	opened, err := os.OpenFile(folder, os.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	entries, err := opened.ReadDir(maxEntries - f.entries + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if f.entries += len(entries); f.entries > maxEntries {
		return nil, fmt.Errorf("it holds more than %d files and folders: name a folder in it", maxEntries)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// see looks at one entry of a folder.
func (f *finder) see(folder, absolute string, entry fs.DirEntry, here *level) error {
	path, name := filepath.Join(folder, entry.Name()), filepath.Join(absolute, entry.Name())
	isLink := entry.Type()&fs.ModeSymlink != 0
	wanted := isConfigurationName(name) || isTemplateName(name)
	switch {
	case entry.IsDir():
		return f.enter(path, name, here)
	case isLink && !(f.follows && f.depth == 0 && wanted):
		f.found.Skipped.add(link, path)
	case !wanted:
	case here.ignores(name, false):
		f.found.Skipped.add(ignored, path)
	case isLink:
		f.follow(path)
	case !entry.Type().IsRegular():
		f.found.Skipped.add(irregular, path)
	case f.isApache(path):
		f.found.Files = append(f.found.Files, path)
	}
	return nil
}

// enter walks a folder, unless it holds what others have written.
func (f *finder) enter(path, absolute string, here *level) error {
	switch {
	case filepath.Base(path) == ".git":
		return nil
	case isForeign(path):
		f.found.Skipped.add(foreign, path)
		return nil
	case here.ignores(absolute, true):
		f.found.Skipped.add(ignored, path)
		return nil
	case f.depth == maxDepth:
		f.found.Skipped.add(deep, path)
		return nil
	}
	f.depth++
	defer func() { f.depth-- }()
	err := f.walk(path, here)
	var denied *fs.PathError
	if errors.As(err, &denied) {
		f.found.Skipped.add(unreadable, path)
		return nil
	}
	return err
}

// isApache tells whether a file holds Apache configuration. What cannot be looked at
// is passed over.
func (f *finder) isApache(path string) bool {
	text, err := trust.ReadFile(path, maxFile)
	var size *trust.TooLarge
	var kind *trust.NotRegular
	switch {
	case errors.As(err, &size):
		f.found.Skipped.add(large, path)
	case errors.As(err, &kind):
		f.found.Skipped.add(irregular, path)
	case err != nil:
		f.found.Skipped.add(unreadable, path)
	case conf.IsApache(string(text)):
		return true
	case isConfigurationName(path):
		f.found.Skipped.add(other, path)
	}
	return false
}
