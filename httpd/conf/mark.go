package conf

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

// HasMark tells whether a part of the text of arguments is not known. It is asked
// of each argument, of most of them often: to look for one byte first takes a third
// of the time.
func HasMark(text string) bool {
	i := strings.IndexByte(text, hiddenStart[0])
	return i >= 0 && strings.Contains(text[i:], hiddenStart)
}

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

// markAtEnd are the marks with which a word ends, "" for none.
func markAtEnd(word string) string {
	return word[len(strings.TrimRightFunc(word, isHidden)):]
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
// meaning, and {{project}} is {{ project }}. Between braces one blank, or the end of
// a line, is as good as many.
func NormalMark(mark string) string {
	for _, ends := range [][2]string{{"{{", "}}"}, {"<%=", "%>"}} {
		if strings.HasPrefix(mark, ends[0]) && strings.HasSuffix(mark, ends[1]) && len(mark) > len(ends[0])+len(ends[1]) {
			code := mark[len(ends[0]) : len(mark)-len(ends[1])]
			if ends[0] == "{{" {
				code = withSingleBlanks(code)
			}
			mark = ends[0] + " " + strings.Trim(code, " \t") + " " + ends[1]
		}
	}
	return mark
}

// withSingleBlanks puts one blank in the place of white space that is in no quotes.
func withSingleBlanks(code string) string {
	var out strings.Builder
	quote := byte(0)
	for i := range len(code) {
		switch c := code[i]; {
		case quote == 0 && isSpace(c):
			if i == 0 || !isSpace(code[i-1]) {
				out.WriteByte(' ')
			}
			continue
		case c == quote:
			quote = 0
		case quote == 0 && strings.IndexByte("'\"`", c) >= 0:
			quote = c
		}
		out.WriteByte(code[i])
	}
	return out.String()
}

// onOneLine puts blanks in the place of the ends of lines.
func onOneLine(text string) string {
	if strings.IndexByte(text, '\n') < 0 {
		return text
	}
	return strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
}

// marksOnOneLine puts blanks in the place of the ends of lines that stand in marks:
// an engine takes them away with the mark.
func marksOnOneLine(text string) string {
	var out strings.Builder
	s, done := newScanner(text), 0
	for m, ok := s.next(); ok; m, ok = s.next() {
		out.WriteString(text[done:m.Start])
		out.WriteString(onOneLine(text[m.Start:m.End]))
		done = m.End
	}
	out.WriteString(text[done:])
	return out.String()
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

// IsAbs tells whether the name of a file is taken for an absolute one: a mark at
// its start stands for a folder.
func IsAbs(name string) bool {
	return strings.HasPrefix(name, "/") || strings.HasPrefix(name, hiddenStart)
}
