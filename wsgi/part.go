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
}

// partOf finds the place below an entry point where section applies. It is
// false where it applies to the entry point as a whole or not at all, or where
// its pattern names no single place.
func partOf(section *conf.Directive, uri, file string, folder bool) (part, bool) {
	p := part{file: file, folder: folder}
	narrower := false
	for _, s := range section.Nesting() {
		word := s.Word(0)
		switch {
		case s.Is("<VirtualHost"):
		case s.Is("<Location") && uri == "":
			return part{}, false
		case s.Is("<Location") && isLiteral(word):
			if conf.IsBelow(word, uri) {
				p.uri, narrower = word, true
			} else if !conf.IsBelow(uri, word) && path.Clean(uri) != path.Clean(word) {
				return part{}, false
			}
		case s.Is("<Directory") && isLiteral(word):
			if folder && conf.IsBelow(word, file) {
				p.file, narrower = path.Clean(word), true
			} else if !conf.IsBelow(file, word) && path.Clean(file) != path.Clean(word) {
				return part{}, false
			}
		case s.Is("<Files"):
			if folder {
				p.file, p.folder, narrower = path.Join(p.file, word), false, true
			} else if path.Base(file) != word {
				return part{}, false
			}
		default:
			return part{}, false
		}
	}
	if below, ok := strings.CutPrefix(p.file, path.Clean(file)); ok && p.uri == "" && uri != "" && folder && below != "" {
		p.uri = path.Join(uri, below)
	}
	return p, narrower
}

// isLiteral tells that the argument of a section is no pattern.
func isLiteral(word string) bool { return word != "~" && !strings.ContainsAny(word, "*?[") }
