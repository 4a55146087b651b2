package conf

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Request is what the sections that apply to a request are found by. Those that
// depend on a part that is left empty are Unknown, not absent.
type Request struct {
	URI    string // the path, decoded, with "/" first
	File   string // the file or folder that the URI leads to, without PATH_INFO
	Folder bool   // File is a folder
	Extent Extent
}

// Extent is how many requests a [Request] stands for. A section with a pattern that is
// for some of many is Unknown. One that names a place below theirs is left out: there
// the question has to be asked again.
type Extent uint8

// The extents.
const (
	One       Extent = iota
	Below            // all whose URI is this one or goes on with a slash, for any file in the folder; "*" in a name is any text
	Beginning        // all whose URI begins so, likewise
)

// URIs is what is known of the URIs of many requests.
func (q *Request) URIs() expr.Start { return expr.Start{Text: q.URI, AtSlash: q.Extent == Below} }

// Files is what is known of the files of many requests, where they are many.
func (q *Request) Files() (start expr.Start, areMany bool) {
	switch {
	case q.Extent == One || q.File == "":
		return expr.Start{}, false
	case q.Folder:
		return expr.Start{Text: strings.TrimSuffix(path.Clean(q.File), "/") + "/"}, true
	case strings.Contains(q.File, "*"):
		return expr.Start{Text: q.File[:strings.IndexByte(q.File, '*')]}, true
	}
	return expr.Start{}, false
}

// matchURI tells whether a location section is for the request, or which of many.
func (q *Request) matchURI(s *section) (expr.Truth, expr.Reason) {
	if q.Extent == One || !s.isRegexp() && !s.pattern {
		return s.matchURI(q.URI)
	}
	start := q.URIs()
	switch {
	case !s.isRegexp():
		return ofSome(start.MayFit(s.path)), Undecided{Kind: RequestedURL}
	case s.test.regexp == nil:
		return expr.Unknown, s.test.beyond
	}
	return s.test.regexp.MatchesFrom(start), Undecided{Kind: RequestedURL}
}

// matchPath tells whether a directory section with a regular expression is for the
// file of the request.
func (q *Request) matchPath(s *section) (expr.Truth, expr.Reason) {
	start, areMany := q.Files()
	if !areMany || s.test.regexp == nil {
		return s.matchRegexp(path.Clean(q.File))
	}
	return s.test.regexp.MatchesFrom(start), Undecided{Kind: RequestedFile}
}

// matchName tells whether a files section is for the name of the request's file.
func (q *Request) matchName(s *section) (expr.Truth, expr.Reason) {
	_, areMany := q.Files()
	switch name := path.Base(q.File); {
	case !areMany:
		return s.matchFile(name)
	case !s.isRegexp() && !s.pattern:
		return expr.False, nil
	case q.Folder:
		return expr.Unknown, Undecided{Kind: RequestedFile}
	case !s.isRegexp() && s.path == name:
		return expr.True, nil
	case !s.isRegexp():
		return ofSome(mayEndLike(s.path, name)), Undecided{Kind: RequestedFile}
	case s.test.regexp == nil:
		return expr.Unknown, s.test.beyond
	default:
		return s.test.regexp.MatchesUpTo(name[strings.LastIndexByte(name, '*')+1:]), Undecided{Kind: RequestedFile}
	}
}

// ofSome is Unknown for what some of many requests may fit.
func ofSome(may bool) expr.Truth {
	if may {
		return expr.Unknown
	}
	return expr.False
}

// mayEndLike tells whether a name may fit two globs, by what both ask for at its end.
func mayEndLike(one, other string) bool {
	one, other = one[strings.LastIndexAny(one, `*?]\`)+1:], other[strings.LastIndexAny(other, `*?]\`)+1:]
	return strings.HasSuffix(one, other) || strings.HasSuffix(other, one)
}

// mayBeBelow tells whether a directory section with a pattern is for folders below
// that of many requests.
func (q *Request) mayBeBelow(s *section, start expr.Start, slashes int) bool {
	if int(s.components) <= slashes {
		return false
	}
	if strings.ContainsAny(s.path, `[\`) {
		return true
	}
	above := strings.Join(strings.SplitAfter(s.path, "/")[:slashes], "")
	return expr.MatchGlob(above, start.Text, expr.GlobPathname)
}
