package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// A directive that a macro brought is edited nowhere: its text serves all uses
// of the macro. isEditable tells the others.
func isEditable(d *httpdconf.Directive) bool { return d.Source.Macro == "" }

// optionSpan is where option=value stands in a directive's text. It is false
// where a variable or a macro brought it.
func optionSpan(d *httpdconf.Directive, name string) (pos, end httpdconf.Pos, ok bool) {
	text := d.Text()
	pos = d.Pos()
	for i := 0; i < len(text); {
		at := strings.Index(text[i:], name+"=")
		if at < 0 {
			return pos, end, false
		}
		at += i
		if at > 0 && strings.IndexByte(" \t\n", text[at-1]) >= 0 {
			stop := at + len(name) + 1
			_, rest := httpdconf.Word(strings.TrimRight(text[stop:], "\r\n"))
			length := len(strings.TrimRight(strings.TrimRight(text[stop:], "\r\n"), " \t")) - len(rest)
			value := strings.TrimRight(text[stop:stop+max(length, 0)], " \t\\\r\n")
			return shift(d, at), shift(d, stop+len(value)), true
		}
		i = at + 1
	}
	return pos, end, false
}

// shift is the place of the byte number at of the directive's text.
func shift(d *httpdconf.Directive, at int) httpdconf.Pos {
	pos := d.Pos()
	text := d.Text()
	lead := len(text) - len(strings.TrimLeft(text, " \t\r\n\v\f"))
	between := text[lead:max(at, lead)]
	pos.Offset += len(between)
	if n := strings.Count(between, "\n"); n > 0 {
		pos.Line += n
		pos.Column = len(between) - strings.LastIndexByte(between, '\n')
	} else {
		pos.Column += len(between)
	}
	return pos
}

// replaceOption puts another value, already quoted, in the place of an option's.
func replaceOption(d *httpdconf.Directive, name, value string) (FileEdit, bool) {
	pos, end, ok := optionSpan(d, name)
	if !ok || !isEditable(d) {
		return FileEdit{}, false
	}
	return FileEdit{d.Source.File, httpdconf.Edit{Span: httpdconf.Span{Start: pos.Offset, End: end.Offset}, Text: name + "=" + value}}, true
}

// removeOption takes an option away, with the space before it.
func removeOption(d *httpdconf.Directive, name string) (FileEdit, bool) {
	pos, end, ok := optionSpan(d, name)
	if !ok || !isEditable(d) {
		return FileEdit{}, false
	}
	start := pos.Offset
	source := d.Source.File.Source
	for start > d.Pos().Offset && (source[start-1] == ' ' || source[start-1] == '\t') {
		start--
	}
	return FileEdit{d.Source.File, httpdconf.Edit{Span: httpdconf.Span{Start: start, End: end.Offset}}}, true
}

// appendText puts text at the end of the directive.
func appendText(d *httpdconf.Directive, text string) FileEdit {
	end := d.End().Offset
	return FileEdit{d.Source.File, httpdconf.Edit{Span: httpdconf.Span{Start: end, End: end}, Text: " " + text}}
}

// replaceDirective puts text in the place of the whole directive; indent and
// line end stay.
func replaceDirective(d *httpdconf.Directive, text string) FileEdit {
	return FileEdit{d.Source.File, httpdconf.Edit{Span: httpdconf.Span{Start: d.Pos().Offset, End: d.End().Offset}, Text: text}}
}

// removeDirective takes the line of a directive away.
func removeDirective(d *httpdconf.Directive) FileEdit {
	start := lineStart(d)
	return FileEdit{d.Source.File, httpdconf.Edit{Span: httpdconf.Span{Start: start, End: start + len(d.Text())}}}
}

// insertBefore puts lines before the directive, with its indent.
func insertBefore(d *httpdconf.Directive, lines ...string) FileEdit {
	start := lineStart(d)
	indent := d.Source.File.Source[start:d.Pos().Offset]
	var text strings.Builder
	for _, line := range lines {
		text.WriteString(indent + line + newline(d.Source.File))
	}
	return FileEdit{d.Source.File, httpdconf.Edit{Span: httpdconf.Span{Start: start, End: start}, Text: text.String()}}
}

// lineStart is the offset of the first byte of the directive's line.
func lineStart(d *httpdconf.Directive) int {
	return strings.LastIndexByte(d.Source.File.Source[:d.Pos().Offset], '\n') + 1
}

// newline is the line end that the file uses.
func newline(file *httpdconf.File) string {
	if i := strings.IndexByte(file.Source, '\n'); i > 0 && file.Source[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
