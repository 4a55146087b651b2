package report

import (
	"io"
	"slices"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/jsonreport"
)

// reportVersion is the version of the JSON form of findings. It rises when a
// field is taken away or changes its meaning.
const reportVersion = 2

type reportJSON struct {
	Version  int           `json:"version"`
	Rules    []ruleJSON    `json:"rules"` // that found something
	Findings []findingJSON `json:"findings"`
	Ignored  int           `json:"ignored"` // hidden by comments or the baseline
}

// ruleJSON is what the findings of a rule have in common: one that finds 10,000 is
// told of once.
type ruleJSON struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Category string `json:"category"`
	Help     string `json:"help"`
	Link     string `json:"link"`
}

type findingJSON struct {
	Rule      string   `json:"rule"`
	Severity  string   `json:"severity"`
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
	EndLine   int      `json:"end_line"`
	EndColumn int      `json:"end_column"`
	Message   string   `json:"message"`
	Help      string   `json:"help,omitempty"` // empty for that of the rule
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
	report := reportJSON{Version: reportVersion, Rules: []ruleJSON{}, Findings: []findingJSON{}, Ignored: result.Ignored}
	for _, r := range rulesOf(result) {
		report.Rules = append(report.Rules, ruleJSON{ID: r.ID, Name: r.Name, Category: string(r.Category), Help: r.Remedy, Link: r.Link})
	}
	return jsonreport.WriteList(w, report, "findings", slices.Values(result.Findings), newFinding)
}

// rulesOf are the rules that found something, in the order in which they first did.
func rulesOf(result audit.Result) []*audit.Rule {
	var rules []*audit.Rule
	told := map[*audit.Rule]bool{}
	for _, f := range result.Findings {
		if !told[f.Rule] {
			told[f.Rule] = true
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

func newFinding(f *audit.Finding) findingJSON {
	finding := findingJSON{
		Rule: f.Rule.ID, Severity: f.Severity.String(),
		File: f.Pos.File, Line: f.Pos.Line, Column: f.Pos.Column, EndLine: f.End.Line, EndColumn: f.End.Column,
		Message: f.Message, Fix: newFix(f.Fix),
	}
	if f.Help != f.Rule.Remedy {
		finding.Help = f.Help
	}
	return finding
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
