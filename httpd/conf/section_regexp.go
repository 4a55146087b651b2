package conf

import (
	"path"
	"strings"
)

// Regexp is the regular expression of a section for places, and the part of a
// request that it is held against. ok is false for a layer of another kind, and
// for one whose expression has no extended groups, such as named ones.
func (l Layer) Regexp(q Request) (pattern, text string, ok bool) {
	if l.Section == nil || !strings.Contains(l.Section.Args, "(?") {
		return "", "", false
	}
	kind, isMatch := kindOfSection(l.Section)
	pattern, ok = l.Section.argument(isMatch)
	switch kind {
	case directorySection:
		return pattern, path.Clean(q.File), ok
	case filesSection:
		return pattern, path.Base(q.File), ok
	case locationSection:
		return pattern, q.URI, ok
	}
	return "", "", false
}
