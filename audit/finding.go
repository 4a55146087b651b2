package audit

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Finding is one thing that a rule found. A rule gives Message, Unless, Needs,
// Milder, Help, Option and Fix; the rest is filled in when it is reported.
type Finding struct {
	Message string            // what is wrong here, as one sentence without a full stop
	Unless  Elsewhere         // what would make it right and was not read; Message tells it once it is settled
	Needs   []*conf.Directive // what has to be in effect wherever the directive is, nil for nothing
	Milder  Milder            // why it is less bad than what the rule mostly finds
	Help    string            // what to write here; the rule's remedy where there is nothing more to say
	Option  string            // the option=value of the directive that it is about
	Fix     *Fix

	Rule      *Rule
	Severity  Severity
	Directive *conf.Directive
	Pos, End  conf.Pos
	file      *conf.File // where Directive is nil
}

// Fix is what puts a finding right: edits of files.
type Fix struct {
	Description string // what it does, as a verb phrase: "add request-timeout=60"
	// Safe says that it cannot change what a working application does.
	Safe bool
	// SafeWith is what has to be in effect wherever the directive is, or the fix is
	// not safe; nil for nothing.
	SafeWith *conf.Directive
	// edits makes the edits, when they are asked for: a report of 25,000
	// findings that prints none would take a tenth longer with them.
	edits func() []FileEdit
}

// Edits are the edits, with the marks of templates as they stand in the file.
func (f *Fix) Edits() []FileEdit {
	edits := f.edits()
	if slices.ContainsFunc(edits, func(edit FileEdit) bool { return conf.HasMark(edit.Text) }) {
		edits = slices.Clone(edits)
		for i := range edits {
			edits[i].Text = conf.Written(edits[i].Text)
		}
	}
	return edits
}

// FileEdit is an edit of one file.
type FileEdit struct {
	File *conf.File
	conf.Edit
}

// changes tells whether the edit writes anything else than what stands there.
func (e FileEdit) changes() bool {
	return e.Span.End > len(e.File.Source) || e.File.Source[e.Span.Start:e.Span.End] != e.Text
}

// sortFindings puts the worst first, then by rule and by place, and takes out
// those of the same rule at the same place: an alias that every virtual host
// inherits is wrong once.
func sortFindings(findings []*Finding) []*Finding {
	slices.SortStableFunc(findings, func(a, b *Finding) int {
		switch {
		case a.Severity != b.Severity:
			return cmp.Compare(b.Severity, a.Severity)
		case a.Rule != b.Rule:
			return cmp.Compare(a.Rule.ID, b.Rule.ID)
		}
		return comparePos(a, b)
	})
	return slices.CompactFunc(findings, func(a, b *Finding) bool {
		return a.Rule == b.Rule && a.Severity == b.Severity && a.Pos == b.Pos
	})
}

func comparePos(a, b *Finding) int {
	if a.Pos.File != b.Pos.File {
		return cmp.Compare(a.Pos.File, b.Pos.File)
	}
	return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.End.Offset, b.End.Offset))
}

// at tells in a message about one directive where another one stands.
func at(other, from *conf.Directive) string {
	pos := other.Pos()
	if pos.File == from.Source.File.Name {
		return fmt.Sprintf("line %d", pos.Line)
	}
	return fmt.Sprintf("%s:%d", pos.File, pos.Line)
}

// placeOf tells where a directive is as seen from another one: its line, and its
// file where that is another one.
func placeOf(d, from *conf.Directive) string {
	pos := d.Pos()
	if pos.File == from.Source.File.Name {
		return fmt.Sprintf("line %d", pos.Line)
	}
	return fmt.Sprintf("line %d of %s", pos.Line, pos.File)
}
