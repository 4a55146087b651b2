package httpdconf

import (
	"strings"
	"unicode/utf8"
)

// What stands in a mark of a template, such as {{ project }}, is not known, and
// neither is a variable without a value. In the arguments of directives each byte
// of such text is a character of its own, from here on, that Unicode gives no
// meaning: so a mark is one piece of one word, whatever blanks and quotes are in
// it, and is equal only to the same mark.
const hiddenByte = 0xF0000

// hiddenStart begins each of these characters in UTF-8.
const hiddenStart = "\xf3\xb0"

// withoutHidden is the text of a file without characters of these, which somebody
// may write to have what stands beside them taken for a mark, and judged by no
// rule. Others of as many bytes come in their place.
func withoutHidden(text string) string { return strings.ReplaceAll(text, hiddenStart, "\xf4\x8f") }

// HasMark tells whether a part of the text of arguments is not known.
func HasMark(text string) bool { return strings.Contains(text, hiddenStart) }

// IsMark tells whether nothing of a word is known: it may be no word, or several.
func IsMark(word string) bool {
	for word != "" {
		c, size := utf8.DecodeRuneInString(word)
		if !isHidden(c) {
			return false
		}
		word = word[size:]
	}
	return true
}

// Written is text made of arguments, with each mark as it was written.
func Written(text string) string {
	if !HasMark(text) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		if isHidden(c) {
			out = append(out, byte(c-hiddenByte))
		} else {
			out = append(out, text[i:i+size]...)
		}
		i += size
	}
	return string(out)
}

func isHidden(c rune) bool { return c >= hiddenByte && c <= hiddenByte+0xFF }

// hide gives the characters that stand for a mark.
func hide(mark string) string {
	mark = NormalMark(mark)
	var out strings.Builder
	for i := range len(mark) {
		out.WriteRune(hiddenByte + rune(mark[i]))
	}
	return out.String()
}

// NormalMark is a mark as it is written usually: blanks at its ends have no
// meaning, and {{project}} is {{ project }}.
func NormalMark(mark string) string {
	for _, ends := range [][2]string{{"{{", "}}"}, {"<%=", "%>"}} {
		if strings.HasPrefix(mark, ends[0]) && strings.HasSuffix(mark, ends[1]) && len(mark) > len(ends[0])+len(ends[1]) {
			mark = ends[0] + " " + strings.Trim(mark[len(ends[0]):len(mark)-len(ends[1])], " \t") + " " + ends[1]
		}
	}
	return mark
}

// MarksIn are the marks of a text, as NormalMark writes them.
func MarksIn(text string) []string {
	var marks []string
	s := newScanner(text)
	for m, ok := s.next(); ok; m, ok = s.next() {
		marks = append(marks, NormalMark(text[m.Start:m.End]))
	}
	return marks
}

// hideMarks hides the marks of a line.
func hideMarks(text string) string {
	var out strings.Builder
	s, done := newScanner(text), 0
	for m, ok := s.next(); ok; m, ok = s.next() {
		if m.kind == valueMark {
			out.WriteString(text[done:m.Start])
			out.WriteString(hide(text[m.Start:m.End]))
			done = m.End
		}
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

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
	lacking map[string]int // up to where an end does not come any more
}

func newScanner(source string) *scanner { return &scanner{source: source, lacking: map[string]int{}} }

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
		m, ok := s.until("}}", valueMark, s.endOfLine())
		if ok && isGoControl(m.code) {
			m.kind = goMark
		}
		return m, ok && (s.at == 0 || s.source[s.at-1] != '%')
	case strings.HasPrefix(rest, "<%%"):
		return mark{}, false // how ERB writes the two characters themselves
	case strings.HasPrefix(rest, "<%="):
		return s.until("%>", valueMark, s.endOfLine())
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

// until is the mark that begins with two characters, or three for a value or a
// comment of ERB, and has its end before limit.
func (s *scanner) until(end string, kind markKind, limit int) (mark, bool) {
	from := s.at + len("{{")
	if s.lacking[end] >= limit || from > limit {
		return mark{}, false
	}
	i := strings.Index(s.source[from:limit], end)
	if i < 0 {
		s.lacking[end] = limit
		return mark{}, false
	}
	m := mark{Span: Span{s.at, from + i + len(end)}, kind: kind}
	if kind != commentMark {
		m.code = strings.TrimSpace(strings.Trim(s.source[from:from+i], "-+~"))
	}
	return m, true
}

func (s *scanner) endOfLine() int {
	if s.at >= s.lineEnd {
		s.lineEnd = lineEnd(s.source, s.at)
	}
	return s.lineEnd
}

// IsAbs tells whether the name of a file is taken for an absolute one: a mark at
// its start stands for a folder.
func IsAbs(name string) bool {
	return strings.HasPrefix(name, "/") || strings.HasPrefix(name, hiddenStart)
}
