package repository

import (
	"strings"

	"golang.org/x/sys/unix"
)

// ignores are the patterns of one .gitignore, for what is below its folder.
type ignores []ignore

type ignore struct {
	parts   []string // of a pattern for a path; one for a name
	path    bool     // it is for a path, from the folder of the file on
	folder  bool     // it is for folders only
	negated bool     // it takes back
}

// maxPattern is the longest pattern that is held against paths, in bytes: the
// system has no longer path.
const maxPattern = unix.PathMax

// readIgnores reads a .gitignore (git: dir.c, add_patterns_from_buffer,
// parse_path_pattern).
func readIgnores(text string) ignores {
	var list ignores
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		var i ignore
		line = trimBlanks(line)
		line, i.negated = strings.CutPrefix(line, "!")
		line, i.folder = strings.CutSuffix(line, "/")
		i.path = strings.Contains(line, "/")
		if line = strings.TrimPrefix(line, "/"); line == "" || len(line) > maxPattern {
			continue
		}
		if i.parts = []string{line}; i.path {
			i.parts = strings.Split(line, "/")
		}
		list = append(list, i)
	}
	return list
}

// trimBlanks takes off the blanks at the end, up to one after a backslash.
func trimBlanks(line string) string {
	end := len(line)
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
			end = len(line)
		case ' ':
			if end == len(line) {
				end = i
			}
		default:
			end = len(line)
		}
	}
	return line[:min(end, len(line))]
}

// decide tells what the last pattern that fits says of a path below the folder:
// that it is ignored, or that it is not; decided is false where none fits.
func (list ignores) decide(path []string, isFolder bool) (ignored, decided bool) {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].matches(path, isFolder) {
			return !list[i].negated, true
		}
	}
	return false, false
}

func (i ignore) matches(path []string, isFolder bool) bool {
	switch {
	case i.folder && !isFolder:
		return false
	case i.path:
		return matchPath(i.parts, path)
	}
	return matchName(i.parts[0], path[len(path)-1])
}
