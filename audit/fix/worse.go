package fix

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/wsgi"
)

// harm is what fixes must not make more of. It keeps nothing of the configuration.
type harm struct {
	refused, errors counted         // those by which Apache does not start; those of all rules, selected or not
	unanswered      map[string]bool // names of applications whose requests mod_wsgi refuses
}

// counted are findings as they are told apart before and after fixes.
type counted struct {
	byRule map[*audit.Rule]int
	prints []audit.Fingerprint
}

func count(findings []*audit.Finding) counted {
	return counted{countByRule(findings), audit.Result{Findings: findings}.Fingerprints(asNamed)}
}

func asNamed(name string) string { return name }

// checkNotWorse gives the harm of a configuration after fixes, and refuses those that
// have made an error. Where Apache did not start before, more of what is wrong with it
// is seen once it does.
func (h harm) checkNotWorse(views []*wsgi.View) (harm, error) {
	after, result := harmOf(views)
	switch {
	case len(after.refused.prints) > len(h.refused.prints):
		return after, h.refused.madeError(result.Refused)
	case len(h.refused.prints) > 0:
		return after, nil
	case len(after.errors.prints) > len(h.errors.prints):
		return after, h.errors.madeError(result.Findings)
	}
	for _, name := range slices.Sorted(maps.Keys(after.unanswered)) {
		if !h.unanswered[name] {
			return after, fmt.Errorf("with the fixes mod_wsgi would refuse the requests of %s, and nothing is written; choose fewer of them with --select", name)
		}
	}
	return after, nil
}

func harmOf(views []*wsgi.View) (harm, audit.Result) {
	result := audit.RunAll(views, audit.Settings{Severity: audit.Error})
	h := harm{refused: count(result.Refused), errors: count(result.Findings), unanswered: map[string]bool{}}
	for _, view := range views {
		for _, a := range view.Inventory() {
			if a.Mode == wsgi.Refused {
				h.unanswered[a.Name()] = true
			}
		}
	}
	return h, result
}

// madeError names an error of a rule that has more than before.
func (c counted) madeError(after []*audit.Finding) error {
	has, example := countByRule(after), ""
	for _, f := range (audit.Result{Findings: after}).Without(c.prints, asNamed).Findings {
		if has[f.Rule] > c.byRule[f.Rule] {
			example = fmt.Sprintf(": %s:%d: %s [%s %s]", f.Pos.File, f.Pos.Line, f.Message, f.Rule.ID, f.Rule.Name)
			break
		}
	}
	return fmt.Errorf("the fixes would make a new error, and nothing is written%s; choose fewer of them with --select", example)
}

func countByRule(findings []*audit.Finding) map[*audit.Rule]int {
	counts := map[*audit.Rule]int{}
	for _, f := range findings {
		counts[f.Rule]++
	}
	return counts
}

// Appeared tells what is found after the fixes and was not before: it was hidden by
// what is fixed, or is about what the fixes have written.
func (p Proposal) Appeared() string {
	has := countByRule(p.Result.Findings)
	var rules []string
	for _, rule := range slices.SortedFunc(maps.Keys(has), func(a, b *audit.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		switch more := has[rule] - p.first[rule]; {
		case more == 1:
			rules = append(rules, rule.ID+" "+rule.Name)
		case more > 1:
			rules = append(rules, fmt.Sprintf("%d of %s %s", more, rule.ID, rule.Name))
		}
	}
	return strings.Join(rules, ", ")
}
