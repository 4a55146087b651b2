package conf

import (
	"cmp"
	"iter"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// sections are those of one server by kind, in the order of the text, but for
// the directory sections, which are in the order that they are merged in.
type sections struct {
	directories []*section
	files       []*section
	locations   []*section
	conditions  []*section

	byFolder, byURI sectionIndex // of directories and locations
}

// section is a section that depends on the request, with its argument read.
type section struct {
	*Directive
	kind       sectionKind
	path       string           // plain text, or a pattern; of a directory, without the "/" that httpd puts at its end
	pattern    bool             // path is a pattern for apr_fnmatch
	regexp     *regexp.Regexp   // instead of path
	problem    string           // why the argument is not understood
	components int              // of a directory: the number of slashes, 0 for "/"
	condition  *expr.Expression // of an <If> or <ElseIf>
	inside     *sections        // that stand directly in it
}

type sectionKind uint8

const (
	otherSection sectionKind = iota
	directorySection
	filesSection
	locationSection
	conditionSection
)

// kindOfSection tells which kind a section is, and whether its argument is a
// regular expression. The core is always loaded, so that the names of its
// sections are spelled as here.
func kindOfSection(d *Directive) (kind sectionKind, isRegexp bool) {
	switch d.Name {
	case "<Directory":
		return directorySection, false
	case "<DirectoryMatch":
		return directorySection, true
	case "<Files":
		return filesSection, false
	case "<FilesMatch":
		return filesSection, true
	case "<Location":
		return locationSection, false
	case "<LocationMatch":
		return locationSection, true
	case "<If", "<ElseIf", "<Else":
		return conditionSection, false
	}
	return otherSection, false
}

// noSections are those of a section that holds none, as most do.
var noSections sections

// collectInside reads the sections directly in a section.
func collectInside(d *Directive, compiler *expr.Regexps) *sections {
	var inside sections
	inside.collect(d.Children(), compiler)
	if len(inside.directories)+len(inside.files)+len(inside.locations)+len(inside.conditions) == 0 {
		return &noSections
	}
	found := inside // only here it needs memory of its own
	return &found
}

// collect reads the sections among directives.
func (s *sections) collect(directives iter.Seq[*Directive], compiler *expr.Regexps) {
	for d := range directives {
		kind, isRegexp := kindOfSection(d)
		switch kind {
		case directorySection:
			s.directories = append(s.directories, newSection(d, kind, isRegexp, compiler))
		case filesSection:
			s.files = append(s.files, newSection(d, kind, isRegexp, compiler))
		case locationSection:
			s.locations = append(s.locations, newSection(d, kind, isRegexp, compiler))
		case conditionSection:
			s.conditions = append(s.conditions, newCondition(d, compiler))
		}
	}
}

// newSection reads the argument of a section (dirsection, urlsection,
// filesection).
func newSection(d *Directive, kind sectionKind, isRegexp bool, compiler *expr.Regexps) *section {
	s := &section{Directive: d, kind: kind, inside: collectInside(d, compiler)}
	word, rest := Word(beforeBracket(d.Args))
	if word == "~" && !isRegexp {
		word, _ = Word(rest)
		isRegexp = true
	}
	if isRegexp {
		compiled, err := compiler.Compile(word, "")
		s.regexp = compiled
		if err != nil {
			s.problem = err.Error()
		}
		s.path = word
		s.components = strings.Count(word, "/")
		return s
	}
	s.path = word
	if kind == directorySection && strings.HasPrefix(word, hiddenStart) {
		word = "/" + word // as the files of requests have it
	}
	switch {
	case kind == directorySection && word != "/":
		s.path = strings.TrimSuffix(path.Clean(word), "/")
		s.components = strings.Count(s.path, "/") + 1
	case kind == filesSection:
		s.path = path.Clean(word)
	}
	s.pattern = expr.IsPattern(s.path)
	return s
}

// newCondition reads the argument of an <If>, <ElseIf> or <Else> (ifsection).
func newCondition(d *Directive, compiler *expr.Regexps) *section {
	s := &section{Directive: d, kind: conditionSection, inside: collectInside(d, compiler)}
	if d.Is("<Else") {
		return s
	}
	if HasMark(d.Args) {
		s.problem = "the condition is not known before the template is rendered"
		return s
	}
	condition, err := expr.Parse(d.Word(0), compiler)
	if err != nil {
		s.problem = err.Error()
		return s
	}
	s.condition = condition
	return s
}

// mergeDirectories puts the directory sections of the main server and those of
// a virtual host in the order that they are merged in: plain ones and patterns
// by the number of their slashes, and of those with the same number the main
// server's first; regular expressions after all others
// (ap_core_reorder_directories).
func mergeDirectories(main, own []*section) []*section {
	all := slices.Concat(main, own)
	slices.SortStableFunc(all, func(a, b *section) int {
		if a.isRegexp() != b.isRegexp() {
			if b.isRegexp() {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.components, b.components)
	})
	return all
}

// isRegexp tells whether the argument is a regular expression, also one that is
// not understood.
func (s *section) isRegexp() bool { return s.regexp != nil || s.problem != "" }

// matchRegexp matches a section with a regular expression.
func (s *section) matchRegexp(text string) (expr.Truth, string) {
	if s.regexp == nil {
		return expr.Unknown, "the regular expression is beyond this reader: " + s.problem
	}
	return expr.TruthOf(s.regexp.MatchString(text)), ""
}

// matchFolder tells whether a directory section with a pattern is for folder,
// which ends with "/" and has seg slashes.
func (s *section) matchFolder(folder string, seg int) bool {
	return s.components == seg && expr.MatchGlob(s.path+"/", folder, expr.GlobPathname)
}

// matchFile tells whether a files section is for the last part of a path.
func (s *section) matchFile(name string) (expr.Truth, string) {
	switch {
	case s.isRegexp():
		return s.matchRegexp(name)
	case s.pattern:
		return expr.TruthOf(expr.MatchGlob(s.path, name, expr.GlobPathname)), ""
	}
	return expr.TruthOf(s.path == name), ""
}

// matchURI tells whether a location section is for uri.
func (s *section) matchURI(uri string) (expr.Truth, string) {
	switch {
	case s.isRegexp():
		return s.matchRegexp(uri)
	case s.pattern:
		return expr.TruthOf(expr.MatchGlob(s.path, uri, expr.GlobPathname)), ""
	}
	rest, ok := strings.CutPrefix(uri, s.path)
	return expr.TruthOf(ok && (s.path == "" || strings.HasSuffix(s.path, "/") || rest == "" || rest[0] == '/')), ""
}
