package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/wsgi"
)

// findingsText prints findings for a person.
type findingsText struct {
	result       audit.Result
	applications []*wsgi.Application // of the verdict; nil where it is not asked for
	all          bool                // also those of a kind after the third
	explain      bool                // with why each kind matters
}

// write prints the verdict, then the findings as compilers do, worst first, then
// their count and the verdict again.
func (t findingsText) write(out io.Writer, colours palette) error {
	r := findingsReport{bufio.NewWriterSize(out, 1<<16), colours, seenFromHere()}
	verdict := verdictLine(t, r.relative)
	if verdict != "" {
		fmt.Fprintln(r.out, colours.bold(verdict))
	}
	if verdict != "" && len(t.result.Findings) > 0 {
		fmt.Fprintln(r.out)
	}
	for _, group := range groupByRule(t.result.Findings) {
		r.writeGroup(group, t)
	}
	if len(t.result.Findings) > 0 {
		fmt.Fprintln(r.out)
	}
	fmt.Fprint(r.out, countLine(t, colours))
	if verdict != "" && len(t.result.Findings) > 0 {
		fmt.Fprintln(r.out, colours.bold(verdict))
	}
	return r.out.Flush()
}

// findingsReport is what findings are printed with.
type findingsReport struct {
	out      *bufio.Writer
	colours  palette
	relative func(name string) string
}

// groupByRule parts findings where the rule or the severity changes.
func groupByRule(findings []*audit.Finding) [][]*audit.Finding {
	var groups [][]*audit.Finding
	start := 0
	for i, f := range findings {
		if next := i + 1; next == len(findings) || f.Rule != findings[next].Rule || f.Severity != findings[next].Severity {
			groups = append(groups, findings[start:next])
			start = next
		}
	}
	return groups
}

// shownOfKind is how many findings of one kind are shown unless all are.
const shownOfKind = 3

func (r findingsReport) writeGroup(group []*audit.Finding, t findingsText) {
	shown, rule := group, group[0].Rule
	if !t.all && len(group) > shownOfKind+1 {
		shown = group[:shownOfKind]
	}
	for _, f := range shown {
		r.writeFinding(f, t.explain)
	}
	if rest := len(group) - len(shown); rest > 0 {
		fmt.Fprintf(r.out, "  and %d more [%s]; --all shows them\n", rest, r.colours.bold(rule.ID+" "+rule.Name))
	}
	if t.explain {
		writeLabelled(r.out, "why", rule.Why)
		writeLabelled(r.out, "remedy", rule.Remedy)
		fmt.Fprintf(r.out, "  %-7s %s\n", "more", rule.Link)
	}
}

func (r findingsReport) writeFinding(f *audit.Finding, explain bool) {
	fmt.Fprintf(r.out, "%s:%d:%d: %s: %s%s [%s]\n", r.relative(f.Pos.File), f.Pos.Line, f.Pos.Column, paintSeverity(f.Severity, r.colours),
		f.Message, r.broughtBy(f), r.colours.bold(f.Rule.ID+" "+f.Rule.Name))
	line, start, end := shortened(f.Excerpt())
	if line != "" {
		number := fmt.Sprint(f.Pos.Line)
		indent := strings.Repeat(" ", len(number))
		fmt.Fprintf(r.out, "  %s | %s\n", number, line)
		fmt.Fprintf(r.out, "  %s | %s%s\n", indent, blanks(line[:start]), r.colours.red(strings.Repeat("^", max(visible(line[start:end]), 1))))
	}
	switch {
	case f.Fix != nil:
		fmt.Fprintf(r.out, "  %-7s %s (%s)\n", "fix", f.Fix.Description, fixFlag(f.Fix))
	case !explain || f.Help != f.Rule.Remedy:
		writeLabelled(r.out, "help", f.Help)
	}
	if f.Fix != nil && explain && f.Help != f.Rule.Remedy {
		writeLabelled(r.out, "help", f.Help)
	}
}

// excerptWidth is how much of a line of configuration is shown.
const excerptWidth = reportWidth - len("  12345 | …")

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

// countLine tells how much of what was found, how much can be fixed, and how to
// learn more.
func countLine(t findingsText, colours palette) string {
	result := t.result
	if len(result.Findings) == 0 {
		return colours.green("Nothing found") + hiddenNote(result) + ".\n"
	}
	var counts [audit.Error + 1]int
	files := map[string]bool{}
	for _, f := range result.Findings {
		counts[f.Severity]++
		files[f.Pos.File] = true
	}
	safe, unsafe := countFixes(result)
	line := severityCounts(counts) + " in " + plural.Count(len(files), "file") + hiddenNote(result) + "."
	switch {
	case safe > 0 && unsafe > 0:
		line += fmt.Sprintf(" --fix fixes %d of them, --fix --unsafe-fixes %d.", safe, safe+unsafe)
	case safe > 0:
		line += fmt.Sprintf(" --fix fixes %d of them.", safe)
	case unsafe > 0:
		line += fmt.Sprintf(" --fix --unsafe-fixes fixes %d of them.", unsafe)
	}
	if !t.explain {
		line += fmt.Sprintf(" Why: wsgictl rules %s", result.Findings[0].Rule.ID)
	}
	return line + "\n"
}

// countFixes counts the findings that have a fix.
func countFixes(result audit.Result) (safe, unsafe int) {
	for _, f := range result.Findings {
		switch {
		case f.Fix != nil && f.Fix.Safe:
			safe++
		case f.Fix != nil:
			unsafe++
		}
	}
	return safe, unsafe
}

// severityCounts are the numbers of findings by severity, worst first.
func severityCounts(counts [audit.Error + 1]int) string {
	var parts []string
	for s := audit.Error; s >= audit.Info; s-- {
		switch {
		case s == audit.Info && counts[s] > 0: // of which English has no plural
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		case counts[s] > 0:
			parts = append(parts, plural.Count(counts[s], s.String()))
		}
	}
	return strings.Join(parts, ", ")
}

func hiddenNote(result audit.Result) string {
	if result.Ignored == 0 {
		return ""
	}
	return fmt.Sprintf(", %d hidden by comments or the baseline", result.Ignored)
}
