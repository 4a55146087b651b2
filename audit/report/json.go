package report

import (
	"io"
	"slices"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/jsonreport"
)

// reportVersion is the version of the JSON form of findings. It rises when a
// field is taken away or changes its meaning.
const reportVersion = 1

type reportJSON struct {
	Version  int           `json:"version"`
	Findings []findingJSON `json:"findings"`
	Ignored  int           `json:"ignored"` // hidden by comments or the baseline
}

type findingJSON struct {
	Rule      string   `json:"rule"`
	Name      string   `json:"name"`
	Category  string   `json:"category"`
	Severity  string   `json:"severity"`
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
	EndLine   int      `json:"end_line"`
	EndColumn int      `json:"end_column"`
	Message   string   `json:"message"`
	Help      string   `json:"help"`
	Link      string   `json:"link"`
	Fix       *fixJSON `json:"fix"`
}

type fixJSON struct {
	Description string     `json:"description"`
	Safe        bool       `json:"safe"`
	Edits       []editJSON `json:"edits"`
}

// editJSON puts text in the place of the bytes from start up to end.
type editJSON struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// WriteJSON writes a result as JSON.
func WriteJSON(w io.Writer, result audit.Result) error {
	report := reportJSON{Version: reportVersion, Findings: []findingJSON{}, Ignored: result.Ignored}
	return jsonreport.WriteList(w, report, "findings", slices.Values(result.Findings), newFinding)
}

func newFinding(f *audit.Finding) findingJSON {
	return findingJSON{
		Rule: f.Rule.ID, Name: f.Rule.Name, Category: string(f.Rule.Category), Severity: f.Severity.String(),
		File: f.Pos.File, Line: f.Pos.Line, Column: f.Pos.Column, EndLine: f.End.Line, EndColumn: f.End.Column,
		Message: f.Message, Help: f.Help, Link: f.Rule.Link, Fix: newFix(f.Fix),
	}
}

func newFix(f *audit.Fix) *fixJSON {
	if f == nil {
		return nil
	}
	edits := f.Edits()
	fix := &fixJSON{Description: f.Description, Safe: f.Safe, Edits: make([]editJSON, 0, len(edits))}
	for _, e := range edits {
		fix.Edits = append(fix.Edits, editJSON{e.File.Name, e.Span.Start, e.Span.End, e.Text})
	}
	return fix
}
