package wsgi

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// part is a place below an entry point where a section applies that does not
// apply to the entry point itself.
type part struct {
	uri, file string // uri is empty where it is the entry point's
	folder    bool
	isStart   bool // the URIs go on in any way, not with a slash alone
}

// partOf finds the place below an entry point where section applies, or may: by
// sections around it that each request decides on. It is false where it applies to the
// entry point as a whole or not at all.
func partOf(section *conf.Directive, whole part) (part, bool) {
	p := part{file: whole.file, folder: whole.folder, isStart: whole.isStart}
	uri, file := whole.uri, whole.file
	narrower := false
	for _, s := range section.Nesting() {
		word := s.Word(0)
		switch {
		case s.Is("<VirtualHost") || IsOpenSection(s):
		case s.Is("<Location") && uri == "":
			return part{}, false
		case s.Is("<Location"):
			if conf.IsBelow(word, uri) {
				p.uri, p.isStart, narrower = word, false, true
			} else if !conf.IsBelow(uri, word) && path.Clean(uri) != path.Clean(word) {
				return part{}, false
			}
		case s.Is("<Directory"):
			if whole.folder && conf.IsBelow(word, file) {
				p.file, narrower = path.Clean(word), true
			} else if !conf.IsBelow(file, word) && path.Clean(file) != path.Clean(word) {
				return part{}, false
			}
		case s.Is("<Files"):
			if whole.folder {
				p.file, p.folder, narrower = path.Join(p.file, word), false, true
			} else if path.Base(file) != word {
				return part{}, false
			}
		default:
			return part{}, false
		}
	}
	if below, ok := strings.CutPrefix(p.file, path.Clean(file)); ok && p.uri == "" && uri != "" && whole.folder && below != "" {
		p.uri = path.Join(uri, below)
	}
	return p, narrower
}

// plainAround is the innermost section around a part that no request decides on, for
// the directive that mounts it where there is none.
func plainAround(section, mount *conf.Directive) *conf.Directive {
	around := mount
	for _, s := range section.Nesting() {
		if IsOpenSection(s) {
			break
		}
		around = s
	}
	return around
}

// IsOpenSection tells a section that each request decides on: by a pattern or a
// condition, other than one that names a place.
func IsOpenSection(s *conf.Directive) bool {
	switch s.Name {
	case "<If", "<ElseIf", "<Else", "<LocationMatch", "<DirectoryMatch", "<FilesMatch":
		return true
	case "<Location", "<Directory", "<Files":
		return !isLiteral(s.Word(0))
	}
	return false
}

// isLiteral tells that the argument of a section is no pattern.
func isLiteral(word string) bool { return word != "~" && !strings.ContainsAny(word, "*?[") }
