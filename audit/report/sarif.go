package report

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"unicode/utf16"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/jsonreport"
)

// The types are the part of SARIF 2.1.0 that is used here:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string           `json:"id"`
	Name             string           `json:"name"`
	ShortDescription sarifText        `json:"shortDescription"`
	FullDescription  sarifText        `json:"fullDescription"`
	Help             sarifText        `json:"help"`
	HelpURI          string           `json:"helpUri"`
	Default          sarifRuleDefault `json:"defaultConfiguration"`
	Properties       sarifProperties  `json:"properties"`
}

type sarifRuleDefault struct {
	Enabled bool   `json:"enabled"`
	Level   string `json:"level"`
}

type sarifProperties struct {
	Tags []string `json:"tags"` // the category
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
	Fixes     []sarifFix      `json:"fixes,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine,omitempty"`
	StartColumn int `json:"startColumn,omitempty"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

// sarifBytes is a region that counts bytes; an empty one is where text goes in.
type sarifBytes struct {
	ByteOffset int `json:"byteOffset"`
	ByteLength int `json:"byteLength"`
}

type sarifFix struct {
	Description sarifText     `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifBytes `json:"deletedRegion"`
	Inserted sarifText  `json:"insertedContent"`
}

var sarifLevels = map[audit.Severity]string{audit.Info: "note", audit.Warning: "warning", audit.Error: "error"}

// WriteSARIF writes a result as SARIF 2.1.0, for release of wsgictl. Relative
// gives the path that a file has in the repository.
func WriteSARIF(w io.Writer, result audit.Result, release string, relative func(string) string) error {
	driver := sarifDriver{Name: "wsgictl", Version: release, InformationURI: "https://github.com/wsgictl/wsgictl", Rules: []sarifRule{}}
	index := map[*audit.Rule]int{}
	for i, r := range rulesOf(result) {
		index[r] = i
		driver.Rules = append(driver.Rules, newSARIFRule(r))
	}
	log := sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{Tool: sarifTool{driver}, ColumnKind: "utf16CodeUnits", Results: []sarifResult{}}},
	}
	return jsonreport.WriteList(w, log, "results", slices.Values(result.Findings), func(f *audit.Finding) sarifResult {
		return newSARIFResult(f, index[f.Rule], relative)
	})
}

func newSARIFRule(r *audit.Rule) sarifRule {
	return sarifRule{
		ID: r.ID, Name: r.Name, ShortDescription: sarifText{r.Summary}, FullDescription: sarifText{r.Why},
		Help: sarifText{r.Remedy}, HelpURI: r.Link, Default: sarifRuleDefault{!r.OffByDefault, sarifLevels[r.Severity]},
		Properties: sarifProperties{[]string{string(r.Category)}},
	}
}

func newSARIFResult(f *audit.Finding, rule int, relative func(string) string) sarifResult {
	source := f.Source()
	region := sarifRegion{f.Pos.Line, utf16Column(source, f.Pos), f.End.Line, utf16Column(source, f.End)}
	return sarifResult{
		RuleID: f.Rule.ID, RuleIndex: rule, Level: sarifLevels[f.Severity], Message: sarifText{f.Message + ". " + f.Help},
		Locations: []sarifLocation{{sarifPhysical{sarifArtifact{fileURI(f.Pos.File, relative)}, region}}},
		Fixes:     newSARIFFixes(f.Fix, relative),
	}
}

// utf16Column is the column of a place in the units of UTF-16, in which SARIF
// counts. A byte that is not UTF-8 is one unit: U+FFFD is shown for it.
func utf16Column(source string, pos conf.Pos) int {
	start := pos.Offset - (pos.Column - 1)
	if start < 0 || pos.Offset > len(source) {
		return pos.Column
	}
	column := 1
	for _, r := range source[start:pos.Offset] {
		column += utf16.RuneLen(r)
	}
	return column
}

func newSARIFFixes(f *audit.Fix, relative func(string) string) []sarifFix {
	if f == nil {
		return nil
	}
	fix := sarifFix{Description: sarifText{f.Description}}
	byFile := map[string]int{}
	for _, e := range f.Edits() {
		at, known := byFile[e.File.Name]
		if !known {
			at = len(fix.Changes)
			byFile[e.File.Name] = at
			fix.Changes = append(fix.Changes, sarifChange{Artifact: sarifArtifact{fileURI(e.File.Name, relative)}})
		}
		change := &fix.Changes[at]
		change.Replacements = append(change.Replacements, sarifReplacement{
			sarifBytes{e.Span.Start, e.Span.End - e.Span.Start}, sarifText{e.Text},
		})
	}
	return []sarifFix{fix}
}

// fileURI writes a path as a relative reference, or as a file URI where it is
// absolute.
func fileURI(name string, relative func(string) string) string {
	name = relative(name)
	u := url.URL{Path: name}
	if filepath.IsAbs(name) {
		u.Scheme = "file"
	}
	return u.String()
}
