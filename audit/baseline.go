package audit

import "strings"

// Fingerprint tells a finding again after lines before it came or went: by its
// rule, its file and the text that it is about.
type Fingerprint struct {
	Rule string `json:"rule"`
	File string `json:"file"`
	Text string `json:"text"`
}

// fingerprint takes the white space out of the text, so that indenting a file
// brings nothing back.
func (f *Finding) fingerprint(relative func(string) string) Fingerprint {
	line, _, _ := f.Excerpt()
	return Fingerprint{f.Rule.ID, relative(f.Pos.File), strings.Join(strings.Fields(line), " ")}
}

// Fingerprints are those of all findings, one for each.
func (r Result) Fingerprints(relative func(string) string) []Fingerprint {
	prints := []Fingerprint{}
	for _, f := range r.Findings {
		prints = append(prints, f.fingerprint(relative))
	}
	return prints
}

// Without leaves out the findings that a baseline knows. Each of its
// fingerprints hides one finding.
func (r Result) Without(baseline []Fingerprint, relative func(string) string) Result {
	if len(baseline) == 0 {
		return r
	}
	known := map[Fingerprint]int{}
	for _, print := range baseline {
		known[print]++
	}
	kept := Result{Refused: r.Refused, Ignored: r.Ignored}
	for _, f := range r.Findings {
		print := f.fingerprint(relative)
		if known[print] > 0 {
			known[print]--
			kept.Ignored++
			continue
		}
		kept.Findings = append(kept.Findings, f)
	}
	return kept
}
