package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A directive that a macro brought is edited nowhere: its text serves all uses
// of the macro. isEditable tells the others.
func isEditable(d *conf.Directive) bool { return d.Source.Macro == "" }

// replaceOption puts another value, already quoted, in the place of an option's.
// It is false where there is none to edit.
func replaceOption(d *conf.Directive, name, value string) (FileEdit, bool) {
	option, _ := wsgi.OptionsOf(d).Last(name)
	return editOption(d, option, name+"="+value)
}

// takesMore tells whether text that is put at the end of a directive is read as
// words of their own.
func takesMore(d *conf.Directive) bool {
	_, ok := endOfArguments(d)
	return ok && isEditable(d) && !conf.HasOpenQuote(d.Args)
}

// endOfArguments is where more arguments of a directive are written: before the
// backslash of a line that goes on in an empty one. A template may hold parts that
// are no arguments, such as the end of a condition, and they stay before it.
func endOfArguments(d *conf.Directive) (offset int, ok bool) {
	if span, ok := d.SpanOf(0, len(d.Args)); ok {
		return span.End, true
	}
	return d.End().Offset, !strings.HasSuffix(strings.TrimRight(d.Text(), " \t\r\n"), `\`)
}

// editOption puts text in the place of an option.
func editOption(d *conf.Directive, option conf.RawOption, text string) (FileEdit, bool) {
	span, ok := d.SpanOf(option.From, option.To)
	if !ok || !isEditable(d) {
		return FileEdit{}, false
	}
	return FileEdit{d.Source.File, conf.Edit{Span: span, Text: text}}, true
}

// editEach edits each option of a name: one that is written twice must go twice.
func editEach(d *conf.Directive, name string, edit func(conf.RawOption) (FileEdit, bool)) (edits []FileEdit, ok bool) {
	for _, option := range wsgi.OptionsOf(d) {
		if option.Name != name {
			continue
		}
		made, ok := edit(option)
		if !ok {
			return nil, false
		}
		edits = append(edits, made)
	}
	return edits, len(edits) > 0
}

// removeOption takes an option away, with the blanks and the end of a continued
// line before it.
func removeOption(d *conf.Directive, name string) ([]FileEdit, bool) {
	return editEach(d, name, func(option conf.RawOption) (FileEdit, bool) {
		edit, ok := editOption(d, option, "")
		before := d.Source.File.Source[:edit.Span.Start]
		for shorter := trimContinuation(before); shorter != before; shorter = trimContinuation(before) {
			before = shorter
		}
		edit.Span.Start = len(before)
		return edit, ok
	})
}

func trimContinuation(text string) string {
	text = strings.TrimRight(text, " \t")
	for _, end := range []string{"\\\n", "\\\r\n"} {
		text = strings.TrimSuffix(text, end)
	}
	return text
}

// renameOption gives an option another name.
func renameOption(d *conf.Directive, name, other string) ([]FileEdit, bool) {
	return editEach(d, name, func(option conf.RawOption) (FileEdit, bool) {
		if strings.HasPrefix(name, `"`) || strings.HasPrefix(name, "'") {
			return quoteValue(d, option, name[:1], other)
		}
		option.To = option.From + len(name)
		return editOption(d, option, other)
	})
}

// quoteValue puts the quotes that stand round an option round its value, where
// mod_wsgi reads them. It is false where the value does not end with the quote,
// as that of one with blanks in it.
func quoteValue(d *conf.Directive, option conf.RawOption, quote, name string) (FileEdit, bool) {
	_, value, _ := strings.Cut(d.Args[option.From:option.To], "=")
	if !strings.HasSuffix(value, quote) || strings.Count(value, quote) > 1 {
		return FileEdit{}, false
	}
	return editOption(d, option, name+"="+quote+value)
}

// cutEnd takes an end off a word that stands in the directive's Args.
func cutEnd(d *conf.Directive, word conf.RawOption, end string) (FileEdit, bool) {
	text := strings.TrimRight(d.Args[word.From:word.To], `"'`)
	if end == "" || !strings.HasSuffix(text, end) {
		return FileEdit{}, false
	}
	word.To = word.From + len(text)
	word.From = word.To - len(end)
	return editOption(d, word, "")
}

// appendText puts text behind the last argument of a directive that takes more.
func appendText(d *conf.Directive, text string) FileEdit {
	end, _ := endOfArguments(d)
	return FileEdit{d.Source.File, conf.Edit{Span: conf.Span{Start: end, End: end}, Text: " " + text}}
}

// replaceDirective puts text in the place of the whole directive; indent and
// line end stay.
func replaceDirective(d *conf.Directive, text string) FileEdit {
	return FileEdit{d.Source.File, conf.Edit{Span: conf.Span{Start: d.Pos().Offset, End: d.End().Offset}, Text: text}}
}

// removeDirective takes the line of a directive away.
func removeDirective(d *conf.Directive) FileEdit {
	start := lineStart(d)
	return FileEdit{d.Source.File, conf.Edit{Span: conf.Span{Start: start, End: start + len(d.Text())}}}
}

// insertBefore puts lines before the directive, with its indent.
func insertBefore(d *conf.Directive, lines ...string) FileEdit {
	start := lineStart(d)
	indent := d.Source.File.Source[start:d.Pos().Offset]
	end := newline(d.Source.File)
	var text strings.Builder
	text.Grow(len(lines) * (len(indent) + lineWidth + len(end)))
	for _, line := range lines {
		text.WriteString(indent)
		text.WriteString(line)
		text.WriteString(end)
	}
	return FileEdit{d.Source.File, conf.Edit{Span: conf.Span{Start: start, End: start}, Text: text.String()}}
}

// lineStart is the offset of the first byte of the directive's line.
func lineStart(d *conf.Directive) int {
	return strings.LastIndexByte(d.Source.File.Source[:d.Pos().Offset], '\n') + 1
}

// newline is the line end that the file uses.
func newline(file *conf.File) string {
	if i := strings.IndexByte(file.Source, '\n'); i > 0 && file.Source[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// fixOf is a fix of these edits, unless a macro brought the text.
func (p *Pass) fixOf(safe bool, description string, edits ...FileEdit) *Fix {
	for _, edit := range edits {
		if edit.File == nil {
			return nil
		}
	}
	return &Fix{Description: description, Safe: safe, edits: func() []FileEdit { return edits }}
}

// fixByText is the fix that puts text at the end of a directive, or nil where the
// directive takes no more.
func (p *Pass) fixByText(safe bool, description string, d *conf.Directive, text string) *Fix {
	if !takesMore(d) {
		return nil
	}
	return p.fixOf(safe, description, appendText(d, text))
}

// renameOption is the fix that gives an option its right name. It is safe
// where mod_wsgi itself has renamed it.
func (p *Pass) renameOption(n nameProblem, name string) *Fix {
	edits, ok := renameOption(n.Directive, n.option, name)
	if !ok {
		return nil
	}
	return p.fixOf(n.Renamed != "", "write "+name, edits...)
}
