package history

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/renameio/v2"
)

// firstLine is that of each file, with the version of what follows.
const firstLine = "wsgictl history 1\n"

// kind is one resolution.
type kind struct {
	name string        // of its files, before the number
	span time.Duration // of one of them
	kept time.Duration
}

var (
	seconds = kind{"seconds", time.Hour, 24 * time.Hour}
	minutes = kind{"minutes", 24 * time.Hour, 31 * 24 * time.Hour}
)

// fileOf is the name of the file that has this time.
func (k kind) fileOf(at time.Time) string {
	return fmt.Sprintf("%s-%d", k.name, at.Unix()/int64(k.span/time.Second))
}

// startOf is the first time of a file; false for other files.
func (k kind) startOf(name string) (time.Time, bool) {
	number, is := strings.CutPrefix(name, k.name+"-")
	if !is {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || n < 0 {
		return time.Time{}, false
	}
	return time.Unix(n*int64(k.span/time.Second), 0), true
}

// What is added to the name of a file that is put aside.
const (
	asDamaged = ".damaged"
	asNewer   = ".newer"
)

// readBlocks gives each block of a file. One that is damaged or of another release is
// put aside, of which tell is told; of a damaged one what is whole stays in its place.
// It gives how many bytes of the file are good.
func readBlocks(path string, tell func(string), each func(block []byte) error) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("read the history: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, fmt.Errorf("read the history: %w", err)
	}
	r := bufio.NewReader(file)
	first, err := r.Peek(len(firstLine))
	if err != nil && !isEnd(err) {
		return 0, fmt.Errorf("read the history: %w", err)
	}
	switch {
	case len(first) < len(firstLine) && strings.HasPrefix(firstLine, string(first)):
		return 0, nil // the machine stopped before more was written
	case string(first) != firstLine:
		return 0, putAside(path, string(first), tell)
	}
	_, _ = r.Discard(len(firstLine)) // which it has
	good, err := frames(r, info.Size()-int64(len(firstLine)), each)
	good += int64(len(firstLine))
	switch {
	case errors.Is(err, errDamaged):
		return good, keepGood(path, good, tell)
	case err != nil:
		return 0, fmt.Errorf("read the history: %w", err)
	}
	return good, nil
}

// putAside is for a file that is no history of this release.
func putAside(path, first string, tell func(string)) error {
	suffix, what := asDamaged, "is no history"
	if strings.HasPrefix(first, "wsgictl history ") {
		suffix, what = asNewer, "was written by a newer wsgictl"
	}
	if err := os.Rename(path, path+suffix); err != nil {
		return fmt.Errorf("put aside what %s: %w", what, err)
	}
	tell(fmt.Sprintf("%s %s: it was put aside as %s", path, what, filepath.Base(path)+suffix))
	return nil
}

// keepGood puts a damaged file aside, and what is good of it in its place.
func keepGood(path string, good int64, tell func(string)) error {
	cannot := func(err error) error { return fmt.Errorf("put a damaged history aside: %w", err) }
	whole, err := os.Open(path)
	if err != nil {
		return cannot(err)
	}
	defer whole.Close()
	part, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o600))
	if err != nil {
		return cannot(err)
	}
	defer func() { _ = part.Cleanup() }()
	if _, err := io.CopyN(part, whole, good); err != nil {
		return cannot(err)
	}
	if err := remove(filepath.Dir(path), filepath.Base(path)+asDamaged); err != nil {
		return err
	}
	if err := os.Link(path, path+asDamaged); err != nil {
		return cannot(err)
	}
	if err := part.CloseAtomicallyReplace(); err != nil {
		return cannot(err)
	}
	tell(fmt.Sprintf("the history in %s is damaged at byte %d: it was put aside as %s, and what stands before stays", path, good, filepath.Base(path)+asDamaged))
	return nil
}

// prune removes what is older than it is kept, and what goes beyond the limit: what was
// put aside first, then the oldest seconds, then the oldest minutes. It gives how many
// bytes are left.
func prune(folder string, now time.Time, limit int64) (int64, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0, fmt.Errorf("look for old history: %w", err)
	}
	type file struct {
		name  string
		size  int64
		rank  int // the lowest one goes first
		start time.Time
	}
	var files []file
	var total int64
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		f := file{name: e.Name(), size: info.Size(), start: info.ModTime()}
		kept := minutes.kept
		if start, is := seconds.startOf(f.name); is {
			f.rank, f.start, kept = 1, start, seconds.kept+seconds.span
		} else if start, is := minutes.startOf(f.name); is {
			f.rank, f.start, kept = 2, start, minutes.kept+minutes.span
		} else if !strings.HasSuffix(f.name, asDamaged) && !strings.HasSuffix(f.name, asNewer) {
			continue // it is nobody's business here
		}
		if now.Sub(f.start) > kept {
			if err := remove(folder, f.name); err != nil {
				return total, err
			}
			continue
		}
		files = append(files, f)
		total += f.size
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Or(cmp.Compare(a.rank, b.rank), a.start.Compare(b.start)) })
	for _, f := range files {
		if total <= limit {
			break
		}
		if err := remove(folder, f.name); err != nil {
			return total, err
		}
		total -= f.size
	}
	return total, nil
}

func remove(folder, name string) error {
	if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove old history: %w", err)
	}
	return nil
}
