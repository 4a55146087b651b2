package cli

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/modwsgi"
)

type rulesCommand struct {
	Rules []string `arg:"" optional:"" name:"rule" help:"Rules to explain: ids or names; or categories and beginnings of ids, whose rules are listed (default: list all)."`
}

// Help is the long form of the command's help.
func (rulesCommand) Help() string {
	return `Lists the rules of "wsgictl audit", or explains some of them: what each finds,
why it matters, what to do, and an example.

Example:
  wsgictl rules
  wsgictl rules security
  wsgictl rules WC101`
}

func (c rulesCommand) Run(s *streams) error {
	var b strings.Builder
	for _, name := range c.Rules {
		if of := audit.RulesOf(name); len(of) > 0 {
			listRules(&b, of)
			continue
		}
		rule, err := audit.FindRule(name)
		if beginning := audit.RulesBeginning(name); err != nil && len(beginning) > 0 {
			listRules(&b, beginning)
			continue
		}
		if _, is := modwsgi.LookupMessage(name); err != nil && is {
			err = fmt.Errorf("%s is no rule but a message in the error log: wsgictl explain %s", name, name)
		}
		if err != nil {
			return usageError{err}
		}
		writeRule(&b, rule, paletteFor(s.stdout))
	}
	if len(c.Rules) == 0 {
		listRules(&b, audit.Rules())
	}
	_, err := fmt.Fprint(s.stdout, b.String())
	return err
}

func listRules(b *strings.Builder, rules []*audit.Rule) {
	for _, rule := range rules {
		off := ""
		if rule.OffByDefault {
			off = " (off by default)"
		}
		fmt.Fprintf(b, "%s  %-8s  %-7s  %-28s  %s%s\n", rule.ID, rule.Category, rule.Severity, rule.Name, rule.Summary, off)
	}
}

func writeRule(b *strings.Builder, r *audit.Rule, colours palette) {
	fmt.Fprintf(b, "%s (%s, %s, since %s, %s by default)\n\n", colours.bold(r.ID+" "+r.Name), r.Severity, r.Category, r.Since, r.DefaultText())
	writeLabelled(b, "finds", r.Summary+".")
	writeLabelled(b, "why", r.Why)
	writeLabelled(b, "remedy", r.Remedy)
	fmt.Fprintf(b, "  %-7s %s\n", "more", r.Link)
	if releases := r.ReleasesText(); releases != "" {
		fmt.Fprintf(b, "  %-7s %s\n", "holds", releases)
	}
	switch {
	case r.Bad == "" && r.Good == "": // it takes files of a host
		b.WriteString("\n")
	case r.Bad == "":
		fmt.Fprintf(b, "\nIt does not find this:\n\n%s\n", indented(r.Good))
	default:
		fmt.Fprintf(b, "\nIt finds this:\n\n%s\nand not this:\n\n%s\n", indented(r.Bad), indented(r.Good))
	}
}

func indented(example string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.Trim(example, "\n") + "\n") {
		b.WriteString("    " + line)
	}
	return b.String()
}
