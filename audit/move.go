package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// moveAbove are the edits that put a directive above another one, as it stands
// in its file.
func moveAbove(d, other *conf.Directive) ([]FileEdit, bool) {
	args, ok := movableArgs(d, other)
	if !ok || d.Source != other.Source || !isEditable(d) || !isEditable(other) {
		return nil, false
	}
	return []FileEdit{insertBefore(other, d.Name+" "+args), removeDirective(d)}, true
}

// movableArgs are the arguments of a directive as they stand in its file, to be
// written where another directive stands. It is false where a variable among
// them might have another value there, or a quote would take in what follows.
func movableArgs(d, to *conf.Directive) (string, bool) {
	span, ok := d.SpanOf(0, len(d.Args))
	if !ok || conf.HasOpenQuote(d.Args) {
		return "", false
	}
	source := d.Source.File.Source
	args := source[span.Start:span.End]
	if !strings.Contains(args, "${") {
		return args, true
	}
	if d.Source != to.Source {
		return "", false
	}
	from, end := d.Pos().Offset, to.Pos().Offset
	between := source[min(from, end):max(from, end)]
	return args, !mayDefine(between)
}

// mayDefine tells whether a text may give a variable a value: by Define, or by
// what it brings in.
func mayDefine(text string) bool {
	for line := range strings.Lines(text) {
		name, _ := conf.Word(line)
		for _, defining := range []string{"Define", "UnDefine", "Include", "IncludeOptional", "Use"} {
			if strings.EqualFold(name, defining) {
				return true
			}
		}
	}
	return false
}
