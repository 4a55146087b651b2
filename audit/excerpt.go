package audit

import "strings"

// Excerpt is the line of a finding and the columns of it that are marked,
// counted from 0: from start up to end.
func (f *Finding) Excerpt() (line string, start, end int) {
	source := f.Source()
	if f.Pos.Offset > len(source) {
		return "", 0, 0
	}
	from := strings.LastIndexByte(source[:f.Pos.Offset], '\n') + 1
	line = source[from:]
	if n := strings.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	line = strings.TrimRight(line, "\r")
	line = masked(line)
	start = min(f.Pos.Offset-from, len(line))
	end = min(f.End.Offset-from, len(line))
	return line, start, max(end, start)
}

// Source is the whole text of the file that the finding is in.
func (f *Finding) Source() string {
	switch {
	case f.Directive != nil:
		return f.Directive.Source.File.Source
	case f.file != nil:
		return f.file.Source
	}
	return ""
}
