package conf

import "strings"

// stream is what lines are read from: a file, or the expanded text of a macro
// in the middle of one.
type stream struct {
	source *Source
	text   string
	offset int32
	number int32     // of the line at offset
	body   []bodyPos // of a macro: where its lines are defined
	outer  *stream   // goes on when this one ends, in the same file
	nested int       // macros that this one is used by

	isPlain bool // there is no "$" in it, so that no line has a variable
}

func newStream(source *Source, text string) *stream {
	return &stream{source: source, text: text, number: 1, isPlain: strings.IndexByte(text, '$') < 0}
}

// nextLine reads on in the innermost stream that has a line left.
func (r *reader) nextLine() (line, bool) {
	for int(r.stream.offset) == len(r.stream.text) {
		if r.stream.outer == nil {
			return line{}, false
		}
		r.stream = r.stream.outer
		r.stream.dropUnended()
	}
	s := r.stream
	l := nextLine(s.text, s.offset, s.number)
	s.offset, s.number = l.end, l.last+1
	if s.source.File.Template {
		l.text = hideMarks(l.text)
		if s.body == nil {
			l.last += s.linesInMarks(l)
			s.number = l.last + 1
		}
	}
	return l, true
}

// linesInMarks is how many ends of lines stand in the marks of a line of a file.
func (s *stream) linesInMarks(l line) int32 {
	return int32(strings.Count(s.source.File.Source[l.start:l.end], "\n") - strings.Count(s.text[l.start:l.end], "\n"))
}

// dropUnended takes off the last physical line of a file when it has no
// newline and belongs to the line that follows the use of a macro: mod_macro
// loses it (array_getstr).
func (s *stream) dropUnended() {
	if int(s.offset) == len(s.text) || strings.HasSuffix(s.text, "\n") {
		return
	}
	if l := nextLine(s.text, s.offset, s.number); int(l.end) == len(s.text) {
		s.text = s.text[:strings.LastIndexByte(s.text, '\n')+1]
	}
}
