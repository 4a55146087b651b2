package conf

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// sections are those of one server by kind, in the order of the text, but for
// the directory sections, which are in the order that they are merged in. Each of
// thousands of virtual hosts has one, so that it is kept small.
type sections struct {
	directories []*section
	files       []*section
	locations   []*section
	conditions  []*section

	byFolder, byURI *sectionIndex     // of directories and locations; nil where they are few
	byFile          *fileIndex        // of files; likewise
	byName          *conditionalIndex // of conditions; likewise
}

// section is a section that depends on the request, with its argument read.
type section struct {
	*Directive
	path       string       // plain text, or a pattern; of a directory, without the "/" that httpd puts at its end
	test       *sectionTest // instead of path; nil for most
	inside     *sections    // that stand directly in it
	components int32        // of a directory: the number of slashes, 0 for "/"
	pattern    bool         // path is a pattern for apr_fnmatch
	overrides  bool         // an AllowOverride or AllowOverrideList may stand in it
}

// sectionTest is what a section asks of a request beside a path.
type sectionTest struct {
	regexp    *expr.Regexp
	condition *expr.Expression // of an <If> or <ElseIf>; nil for an <Else>
	beyond    expr.Reason      // why the argument is not understood, or nil
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
	var room [8]*Directive
	found := appendSections(room[:0], d.child)
	if len(found) == 0 {
		return &noSections
	}
	inside := &sections{}
	inside.collect(found, compiler)
	return inside
}

// appendSections appends those sections among a directive and those that follow it
// that depend on a request.
func appendSections(found []*Directive, first *Directive) []*Directive {
	for d := first; d != nil; d = d.next {
		if d.dependsOnRequest() {
			found = append(found, d)
		}
	}
	return found
}

func (d *Directive) dependsOnRequest() bool {
	if !d.IsSection() {
		return false
	}
	kind, _ := kindOfSection(d)
	return kind != otherSection
}

// collect reads sections that depend on a request. All of them share two pieces of
// memory: each on its own, in lists that grow, took an eighth of all allocations of
// an audit.
func (s *sections) collect(found []*Directive, compiler *expr.Regexps) {
	var counts [conditionSection + 1]int
	for _, d := range found {
		kind, _ := kindOfSection(d)
		counts[kind]++
	}
	room, lists := make([]section, len(found)), make([]*section, len(found))
	list := func(kind sectionKind) []*section {
		own := lists[:0:counts[kind]]
		lists = lists[counts[kind]:]
		return own
	}
	s.directories, s.files, s.locations, s.conditions = list(directorySection), list(filesSection), list(locationSection), list(conditionSection)
	for i, d := range found {
		own := &room[i]
		own.Directive, own.inside = d, collectInside(d, compiler)
		switch kind, isRegexp := kindOfSection(d); kind {
		case directorySection:
			own.read(kind, isRegexp, compiler)
			own.overrides = mayOverride(d)
			s.directories = append(s.directories, own)
		case filesSection:
			own.read(kind, isRegexp, compiler)
			s.files = append(s.files, own)
		case locationSection:
			own.read(kind, isRegexp, compiler)
			s.locations = append(s.locations, own)
		case conditionSection:
			own.readCondition(compiler)
			s.conditions = append(s.conditions, own)
		}
	}
	s.byFile = newFileIndex(s.files)
	s.byName = newConditionalIndex(s.conditions)
}

// mayOverride tells whether an AllowOverride or AllowOverrideList may stand in a
// section: in most there is none, and each request asks for it.
func mayOverride(section *Directive) bool {
	const start = "AllowOverride"
	for d := section.child; d != nil; d = d.next {
		if d.isLimit() || len(d.Name) >= len(start) && strings.EqualFold(d.Name[:len(start)], start) {
			return true
		}
	}
	return false
}

// read reads the argument of a section (dirsection, urlsection, filesection).
func (s *section) read(kind sectionKind, isRegexp bool, compiler *expr.Regexps) {
	word, isRegexp := s.argument(isRegexp)
	if isRegexp {
		compiled, err := compiler.Compile(word, "")
		s.test = &sectionTest{regexp: compiled}
		if err != nil {
			s.test.beyond = expr.Beyond{Kind: expr.Pattern, Subject: word}
		}
		s.path = word
		s.components = int32(strings.Count(word, "/"))
		return
	}
	s.path = word
	if kind == directorySection && strings.HasPrefix(word, hiddenStart) {
		word = "/" + word // as the files of requests have it
	}
	switch {
	case kind == directorySection && word != "/":
		s.path = strings.TrimSuffix(clean(word), "/")
		s.components = int32(strings.Count(s.path, "/") + 1)
	case kind == filesSection:
		s.path = path.Clean(word)
	}
	s.pattern = expr.IsPattern(s.path)
}

// argument is what a section for places stands for, and whether that is a regular
// expression: by the section's name, or for the "~" before it.
func (d *Directive) argument(isMatch bool) (word string, isRegexp bool) {
	word, rest := Word(beforeBracket(d.Args))
	if word == "~" && !isMatch {
		word, _ = Word(rest)
		return word, true
	}
	return word, isMatch
}

// readCondition reads the argument of an <If>, <ElseIf> or <Else> (ifsection).
func (s *section) readCondition(compiler *expr.Regexps) {
	s.test = &sectionTest{}
	switch {
	case s.Is("<Else"):
	case HasMark(s.Args):
		s.test.beyond = Undecided{Kind: IfMark}
	default:
		var err error
		if s.test.condition, err = expr.Parse(s.Word(0), compiler); err != nil {
			s.test.beyond = expr.Beyond{Kind: expr.NotUnderstood, Subject: err.Error()}
		}
	}
}

// sortDirectories puts directory sections in the order that they are merged in:
// plain ones and patterns by the number of their slashes; regular expressions
// after all others. Those of the main server that stand before those of a virtual
// host come first of those with the same number (ap_core_reorder_directories).
func sortDirectories(all []*section) {
	slices.SortStableFunc(all, func(a, b *section) int {
		if a.isRegexp() != b.isRegexp() {
			if b.isRegexp() {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.components, b.components)
	})
}

// isRegexp tells whether the argument is a regular expression, also one that is
// not understood.
func (s *section) isRegexp() bool { return s.test != nil }

// matchRegexp matches a section with a regular expression.
func (s *section) matchRegexp(text string) (expr.Truth, expr.Reason) {
	if s.test.regexp == nil {
		return expr.Unknown, s.test.beyond
	}
	return expr.TruthOf(s.test.regexp.Matches(text)), nil
}

// matchFolder tells whether a directory section with a pattern is for folder,
// which ends with "/" and has seg slashes.
func (s *section) matchFolder(folder string, seg int) bool {
	return int(s.components) == seg && expr.MatchGlob(s.path+"/", folder, expr.GlobPathname)
}

// matchFile tells whether a files section is for the last part of a path.
func (s *section) matchFile(name string) (expr.Truth, expr.Reason) {
	switch {
	case s.isRegexp():
		return s.matchRegexp(name)
	case s.pattern:
		return expr.TruthOf(expr.MatchGlob(s.path, name, expr.GlobPathname)), nil
	}
	return expr.TruthOf(s.path == name), nil
}

// matchURI tells whether a location section is for uri.
func (s *section) matchURI(uri string) (expr.Truth, expr.Reason) {
	switch {
	case s.isRegexp():
		return s.matchRegexp(uri)
	case s.pattern:
		return expr.TruthOf(expr.MatchGlob(s.path, uri, expr.GlobPathname)), nil
	}
	rest, ok := strings.CutPrefix(uri, s.path)
	return expr.TruthOf(ok && (s.path == "" || strings.HasSuffix(s.path, "/") || rest == "" || rest[0] == '/')), nil
}

// decide decides the condition of an If, ElseIf or Else.
func (s *section) decide(variables expr.Variables) (holds expr.Truth, reason expr.Reason) {
	switch {
	case s.test.beyond != nil:
		return expr.Unknown, s.test.beyond
	case s.test.condition == nil: // of <Else>
		return expr.True, nil
	}
	decision := s.test.condition.Decide(variables)
	return decision.Truth, decision.Reason
}
