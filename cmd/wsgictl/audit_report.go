package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/wsgictl/wsgictl/audit"
)

// findingsReport prints findings for a person.
type findingsReport struct {
	out      *bufio.Writer
	colours  palette
	relative func(name string) string
}

// writeFindings prints findings for a person: rule by rule, worst first, each
// with its excerpt, then why it matters and the remedy; the count last.
func writeFindings(out io.Writer, result audit.Result, colours palette) error {
	r := findingsReport{bufio.NewWriterSize(out, 1<<16), colours, seenFromHere()}
	for _, group := range groupByRule(result.Findings) {
		r.writeGroup(group)
	}
	fmt.Fprint(r.out, countLine(result, colours))
	return r.out.Flush()
}

// groupByRule parts findings where the rule or the severity changes.
func groupByRule(findings []*audit.Finding) [][]*audit.Finding {
	var groups [][]*audit.Finding
	for i, f := range findings {
		if i == 0 || f.Rule != findings[i-1].Rule || f.Severity != findings[i-1].Severity {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], f)
	}
	return groups
}

func (r findingsReport) writeGroup(group []*audit.Finding) {
	first := group[0]
	count := ""
	if len(group) > 1 {
		count = fmt.Sprintf(" (%d times)", len(group))
	}
	fmt.Fprintf(r.out, "%s %s: %s%s\n", paintSeverity(first.Severity, r.colours), r.colours.bold(first.Rule.ID+" "+first.Rule.Name), first.Rule.Summary, count)
	for _, f := range group {
		r.writeFinding(f)
	}
	writeLabelled(r.out, "why", first.Rule.Why)
	writeLabelled(r.out, "remedy", first.Rule.Remedy)
	fmt.Fprintf(r.out, "  %-7s %s\n\n", "more", first.Rule.Link)
}

func (r findingsReport) writeFinding(f *audit.Finding) {
	fmt.Fprintf(r.out, "\n  %s:%d:%d: %s%s\n", r.relative(f.Pos.File), f.Pos.Line, f.Pos.Column, f.Message, r.broughtBy(f))
	line, start, end := shortened(f.Excerpt())
	if line != "" {
		number := fmt.Sprint(f.Pos.Line)
		indent := strings.Repeat(" ", len(number))
		fmt.Fprintf(r.out, "    %s | %s\n", number, line)
		fmt.Fprintf(r.out, "    %s | %s%s\n", indent, blanks(line[:start]), r.colours.red(strings.Repeat("^", max(visible(line[start:end]), 1))))
	}
	if f.Help != f.Rule.Remedy {
		writeLabelled(r.out, "here", f.Help)
	}
	if f.Fix != nil {
		fmt.Fprintf(r.out, "  %-7s %s (%s)\n", "fix", f.Fix.Description, fixFlag(f.Fix))
	}
}

// excerptWidth is how much of a line of configuration is shown.
const excerptWidth = reportWidth - len("    12345 | …")

// shortened cuts an excerpt that is wider than the report.
func shortened(line string, start, end int) (string, int, int) {
	if len(line) <= excerptWidth {
		return line, start, end
	}
	from := 0
	if start > excerptWidth/2 {
		from = beginOf(line, min(start-excerptWidth/4, len(line)-excerptWidth))
	}
	to := max(beginOf(line, min(from+excerptWidth, len(line))), start)
	return line[from:to] + "…", start - from, min(end, to) - from
}

// beginOf is where the character begins that the byte at this place is of.
func beginOf(line string, place int) int {
	for begin := place; begin > 0 && begin < len(line) && begin > place-utf8.UTFMax; begin-- {
		if utf8.RuneStart(line[begin]) {
			return begin
		}
	}
	return place
}

// broughtBy tells the macro use that brought the text.
func (r findingsReport) broughtBy(f *audit.Finding) string {
	if f.Directive == nil || f.Directive.Source.Macro == "" {
		return ""
	}
	from := f.Directive.Source.From
	return fmt.Sprintf(", by %s at %s:%d", from.Directive, r.relative(from.Pos.File), from.Pos.Line)
}

func fixFlag(fix *audit.Fix) string {
	if fix.Safe {
		return "--fix"
	}
	return "--fix --unsafe-fixes"
}

// blanks is white space as wide as text is printed: tabs stay tabs.
func blanks(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return '\t'
		}
		return ' '
	}, printable(text))
}

func paintSeverity(s audit.Severity, colours palette) string {
	switch s {
	case audit.Error:
		return colours.red(s.String())
	case audit.Warning:
		return colours.yellow(s.String())
	}
	return s.String()
}

// countLine is the verdict: how much of what, and how much can be fixed.
func countLine(result audit.Result, colours palette) string {
	if len(result.Findings) == 0 {
		return colours.green("Nothing found") + hiddenNote(result) + ".\n"
	}
	var counts [audit.Error + 1]int
	files, safe, unsafe := map[string]bool{}, 0, 0
	for _, f := range result.Findings {
		counts[f.Severity]++
		files[f.Pos.File] = true
		if f.Fix != nil && f.Fix.Safe {
			safe++
		} else if f.Fix != nil {
			unsafe++
		}
	}
	var parts []string
	for s := audit.Error; s >= audit.Info; s-- {
		if counts[s] > 0 {
			parts = append(parts, countOf(counts[s], s.String()))
		}
	}
	line := strings.Join(parts, ", ") + " in " + countOf(len(files), "file") + hiddenNote(result) + "."
	switch {
	case safe > 0 && unsafe > 0:
		line += fmt.Sprintf(" --fix fixes %d of them, --fix --unsafe-fixes %d.", safe, safe+unsafe)
	case safe > 0:
		line += fmt.Sprintf(" --fix fixes %d of them.", safe)
	case unsafe > 0:
		line += fmt.Sprintf(" --fix --unsafe-fixes fixes %d of them.", unsafe)
	}
	return colours.bold(line) + "\n"
}

func hiddenNote(result audit.Result) string {
	if result.Ignored == 0 {
		return ""
	}
	return fmt.Sprintf(", %d hidden by comments or the baseline", result.Ignored)
}

func countOf(n int, what string) string {
	switch {
	case n == 1 || what == audit.Info.String():
		return fmt.Sprintf("%d %s", n, what)
	case strings.HasSuffix(what, "x") || strings.HasSuffix(what, "s"):
		return fmt.Sprintf("%d %ses", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
