package conf

import "strings"

// mark is what a template engine replaces.
type mark struct {
	Span
	kind markKind
	code string // of what is no value: what stands in it
}

type markKind uint8

const (
	valueMark   markKind = iota // a text comes in its place
	controlMark                 // a condition, a loop, or the end of one
	goMark                      // the same, written as a value: {{ if .TLS }}
	commentMark                 // nothing comes in its place
)

// scanner finds the marks of a text one after another. It takes linear time.
type scanner struct {
	source  string
	at      int
	lineEnd int            // of the line at at
	ends    map[string]int // where each end comes next, as far as it was looked for
}

func newScanner(source string) *scanner { return &scanner{source: source, ends: map[string]int{}} }

// next is the next mark.
func (s *scanner) next() (mark, bool) {
	for ; s.at < len(s.source); s.at++ {
		switch s.source[s.at] {
		case '{', '<', '%', '@', '$':
			if m, ok := s.mark(s.source[s.at:]); ok {
				s.at = m.End
				return m, true
			}
		}
	}
	return mark{}, false
}

// mark is the mark that rest, which the source ends with, begins with.
func (s *scanner) mark(rest string) (mark, bool) {
	switch {
	case strings.HasPrefix(rest, "{#"):
		return s.until("#}", commentMark, len(s.source))
	case strings.HasPrefix(rest, "{%"):
		m, ok := s.until("%}", controlMark, len(s.source))
		return m, ok && isJinjaTag(m.code)
	case strings.HasPrefix(rest, "{{"):
		m, ok := s.value("{{", "}}")
		if ok && isGoControl(m.code) {
			m.kind = goMark
		}
		return m, ok && (s.at == 0 || s.source[s.at-1] != '%')
	case strings.HasPrefix(rest, "<%%"):
		return mark{}, false // how ERB writes the two characters themselves
	case strings.HasPrefix(rest, "<%="):
		return s.value("<%", "%>")
	case strings.HasPrefix(rest, "<%#"):
		return s.until("%>", commentMark, len(s.source))
	case strings.HasPrefix(rest, "<%"):
		return s.until("%>", controlMark, len(s.source))
	case strings.HasPrefix(rest, "%(") && isMark(s.source, "%(", s.at):
		return mark{Span: Span{s.at, s.at + strings.IndexByte(rest, ')') + len(")s")}}, true
	case rest[0] == '{' || rest[0] == '<':
		return mark{}, false
	}
	length := placeholderLength(rest)
	return mark{Span: Span{s.at, s.at + length}}, length > 0 && holdsPlainValue(s.source, s.at)
}

// value is a mark that a text comes in the place of. It may go on in the next lines,
// where no other one begins before its end. Three braces do not: editors fold text
// between them.
func (s *scanner) value(start, end string) (mark, bool) {
	from, limit := s.at+len(start), s.endOfLine()
	if at := s.nextEnd(end, from); at+len(end) > limit && at < len(s.source) {
		before, after := s.source[:s.at], s.source[from:at]
		isFold := start == "{{" && (strings.HasSuffix(before, "{") || strings.HasPrefix(after, "{"))
		if !isFold && !strings.Contains(after, start) {
			limit = len(s.source)
		}
	}
	return s.until(end, valueMark, limit)
}

// until is the mark that begins with two characters, or three for a value or a
// comment of ERB, and has its end before limit.
func (s *scanner) until(end string, kind markKind, limit int) (mark, bool) {
	from := s.at + len("{{")
	at := s.nextEnd(end, from)
	if at+len(end) > limit {
		return mark{}, false
	}
	m := mark{Span: Span{s.at, at + len(end)}, kind: kind}
	if kind != commentMark {
		m.code = strings.TrimSpace(onOneLine(strings.Trim(s.source[from:at], "-+~")))
	}
	return m, true
}

// nextEnd is where an end comes at or after from, which never goes back; the end of
// the source where it comes no more.
func (s *scanner) nextEnd(end string, from int) int {
	if at, known := s.ends[end]; known && at >= from {
		return at
	}
	at := len(s.source)
	if from < at {
		if i := strings.Index(s.source[from:], end); i >= 0 {
			at = from + i
		}
	}
	s.ends[end] = at
	return at
}

func (s *scanner) endOfLine() int {
	if s.at >= s.lineEnd {
		s.lineEnd = lineEnd(s.source, s.at)
	}
	return s.lineEnd
}
