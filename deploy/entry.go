package deploy

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/intent"
)

// An entry is a file, folder or link of a source, by its path in the release.
type entry struct {
	name       string // slash-separated, without a slash at its end
	kind       kind
	executable bool
	size       int64  // of a file, in bytes
	target     string // of a link, as it is written; of a second name, the first
}

type kind int

const (
	file kind = iota
	folder
	link
	second // name of a file, a hard link
	other  // device, FIFO, socket
)

// Bounds of a release. What exceeds them is no application, or bad intent.
const (
	mostEntries = 200_000
	mostBytes   = 4 << 30
	longestPath = 1024
)

// A Source is where a release comes from: entries in an order in which folders, where
// they are there, come before what is in them.
type Source struct {
	Name string // as it was named

	packed bool // it is an archive, in which all may lie in one folder
	walk   func(yield func(entry, io.Reader) error) error
	close  func() error
}

// Close closes what the source has open.
func (s *Source) Close() { _ = s.close() }

// A checked is a source that was looked at once from end to end, and holds nothing that
// could do harm. Each entry is looked at again when it is read.
type checked struct {
	*Source
	top  string            // the only folder of an archive, with a slash, which is left out; empty where there is none
	left map[string]bool   // folders that are no part of the code, such as virtualenvs
	text map[string]string // of the small files that say which Python is needed
}

// saysPython are files that say which Python a release needs.
var saysPython = []string{"pyproject.toml", ".python-version"}

// neverCode are names of folders that are no part of a release.
var neverCode = []string{".git", ".hg", ".svn", ".bzr", "__pycache__", ".venv", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache"}

const smallFile = 1 << 20 // bytes

// check looks at a whole source.
func (s *Source) check() (checked, error) {
	c := checked{Source: s, left: map[string]bool{}, text: map[string]string{}}
	names := map[string]bool{}
	look := newRules()
	err := s.walk(func(e entry, content io.Reader) error {
		if err := look.accept(e); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if e.name != "." {
			first, _, below := strings.Cut(e.name, "/")
			names[first] = names[first] || !below && e.kind != folder
		}
		if path.Base(e.name) == "pyvenv.cfg" {
			c.left[path.Dir(e.name)] = true
		}
		if slices.Contains(saysPython, path.Base(e.name)) && e.kind == file && e.size <= smallFile {
			text, err := io.ReadAll(io.LimitReader(content, smallFile))
			c.text[e.name] = string(text)
			return err
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	if c.left["."] {
		return c, fmt.Errorf("%s: it is a virtualenv, and no code", s.Name)
	}
	if len(names) == 0 {
		return c, fmt.Errorf("%s: there is nothing in it", s.Name)
	}
	for name, isFile := range names {
		if s.packed && len(names) == 1 && !isFile {
			c.top = name + "/"
		}
	}
	return c, nil
}

// says is the text of a small file at the top of the release.
func (c checked) says(name string) string { return c.text[c.top+name] }

// each gives what is part of the release, by its path there.
func (c checked) each(yield func(entry, io.Reader) error) error {
	look := newRules()
	return c.walk(func(e entry, content io.Reader) error {
		if err := look.accept(e); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		if e.name == "." || e.name+"/" == c.top || c.isLeft(e.name) {
			return nil
		}
		e.name = strings.TrimPrefix(e.name, c.top)
		if first, _, _ := strings.Cut(e.name, "/"); first == intent.EnvironmentName {
			return fmt.Errorf("%s: %s: this is where the virtualenv of the release goes; give it another name", c.Name, e.name)
		}
		if e.kind == second {
			e.target = strings.TrimPrefix(e.target, c.top)
		}
		return yield(e, content)
	})
}

// isLeft tells what is no part of the code, or lies in such a folder.
func (c checked) isLeft(name string) bool {
	for at := name; at != "."; at = path.Dir(at) {
		if c.left[at] || slices.Contains(neverCode, path.Base(at)) {
			return true
		}
	}
	return false
}

// rules hold what has come of a source so far.
type rules struct {
	kinds map[string]kind
	bytes int64
}

func newRules() *rules { return &rules{kinds: map[string]kind{".": folder}} }

// accept refuses an entry that lies outside of the release, leads there, or stands in the
// place of another one.
func (r *rules) accept(e entry) error {
	switch {
	case e.name == "" || path.Clean(e.name) != e.name || path.IsAbs(e.name) || e.name == ".." || strings.HasPrefix(e.name, "../"):
		return fmt.Errorf("%q: it is a path outside of the release", e.name)
	case strings.ContainsAny(e.name, "\x00\n\r") || len(e.name) > longestPath:
		return fmt.Errorf("%.100q: no file of a release has such a name", e.name)
	case e.kind == other:
		return fmt.Errorf("%q: it is a device, a FIFO or a socket; a release has files, folders and links", e.name)
	case len(r.kinds) > mostEntries:
		return fmt.Errorf("it has more than %d files and folders", mostEntries)
	}
	if r.bytes += max(e.size, 0); r.bytes > mostBytes || e.size < 0 {
		return fmt.Errorf("its files have more than %d GiB", mostBytes>>30)
	}
	if err := r.makeWay(path.Dir(e.name)); err != nil {
		return fmt.Errorf("%q: %w", e.name, err)
	}
	if known, there := r.kinds[e.name]; there && (known != folder || e.kind != folder) {
		return fmt.Errorf("%q: it is there twice", e.name)
	}
	r.kinds[e.name] = e.kind
	return r.checkTarget(e)
}

// makeWay holds that each folder on the way is one, and no link to somewhere else.
func (r *rules) makeWay(dir string) error {
	for at := dir; at != "."; at = path.Dir(at) {
		known, there := r.kinds[at]
		if there && known != folder {
			return fmt.Errorf("%q is no folder", at)
		}
		r.kinds[at] = folder
	}
	return nil
}

// checkTarget refuses a link that leads out of the release. Going up is for the beginning
// of a target alone: behind a link, it would go up from where that leads.
func (r *rules) checkTarget(e entry) error {
	switch e.kind {
	case second:
		if known, there := r.kinds[e.target]; !there || known != file {
			return fmt.Errorf("%q: it is a second name of %q, which is no file before it", e.name, e.target)
		}
	case link:
		rest := e.target
		for strings.HasPrefix(rest, "../") {
			rest = rest[len("../"):]
		}
		up := path.Join(path.Dir(e.name), strings.TrimSuffix(e.target, rest), ".")
		if rest == ".." {
			rest, up = "", path.Join(up, "..")
		}
		if e.target == "" || path.IsAbs(e.target) || up == ".." || strings.HasPrefix(up, "../") || slices.Contains(strings.Split(rest, "/"), "..") {
			return fmt.Errorf("%q: it is a link to %q, which leads out of the release, or could", e.name, e.target)
		}
	}
	return nil
}

// errChanged is a source that is another one than a moment before.
var errChanged = errors.New("it was modified while it was read")
