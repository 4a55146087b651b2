package report

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
)

//go:generate go run rule_pages.go ../../docs/rules

// RuleIndex is the page that lists all rules.
func RuleIndex() string {
	var b strings.Builder
	b.WriteString("# Rules\n\nWhat `wsgictl audit` looks for. This page and those of the rules are generated from the rules themselves.\n\n" +
		"`--select` and `--ignore` take ids, names and categories. A rule that is off by default runs only where `--select` names it, or its category.\n\n" +
		"| id | name | category | severity | finds |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range audit.Rules() {
		severity := r.Severity.String()
		if r.OffByDefault {
			severity += ", off by default"
		}
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s | %s | %s |\n", r.ID, r.ID, r.Name, r.Category, severity, r.Summary)
	}
	return b.String()
}

// RulePage is the documentation of a rule.
func RulePage(r *audit.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s\n\n**%s**: %s.\n\n%s\n\n", r.ID, r.Name, r.Severity, r.Summary, r.Why)
	fmt.Fprintf(&b, "**Remedy.** %s\n\n", r.Remedy)
	fmt.Fprintf(&b, "Category: %s. Since: %s. By default: %s.\n\n", r.Category, r.Since, r.DefaultText())
	if releases := r.ReleasesText(); releases != "" {
		fmt.Fprintf(&b, "It holds %s.\n\n", releases)
	}
	switch {
	case r.Bad == "" && r.Good == "": // it takes files of a host
	case r.Bad == "":
		fmt.Fprintf(&b, "It does not find this:\n\n```apache\n%s\n```\n\n", strings.Trim(r.Good, "\n"))
	default:
		fmt.Fprintf(&b, "It finds this:\n\n```apache\n%s\n```\n\nand not this:\n\n```apache\n%s\n```\n\n", strings.Trim(r.Bad, "\n"), strings.Trim(r.Good, "\n"))
	}
	fmt.Fprintf(&b, "More: <%s>\n", r.Link)
	return b.String()
}
