package request

import (
	"cmp"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// caught is what the groups of a match caught: $0 and %0 and so on.
type caught struct {
	groups  []string
	unknown *Doubt // why they are not known
}

// conditions tells whether the RewriteConds above a rule hold. groups is what
// the rule's pattern caught; last is what the last condition did, for %1 and its
// like.
func (r *rewriting) conditions(list []condition, groups caught) (last caught, holds bool) {
	for i := 0; i < len(list); i++ {
		holds := r.condition(list[i], groups, &last)
		either := list[i].flags.has("OR", "ornext")
		switch {
		case !holds && !either:
			return caught{}, false
		case holds && either:
			for i < len(list)-1 && list[i].flags.has("OR", "ornext") {
				i++
			}
		}
	}
	return last, true
}

// condition decides one RewriteCond (apply_rewrite_cond). What it catches is put
// into last.
func (r *rewriting) condition(c condition, groups caught, last *caught) bool {
	if strings.EqualFold(c.subject, "expr") {
		return r.expression(c, last)
	}
	text := expansion{rewriting: r, groups: groups, caught: *last, from: c.Directive}
	subject, unknown := text.expand(c.subject)
	if unknown != nil {
		return r.undecided(c, *unknown, last)
	}
	if holds, unknown, ok := r.compareWith(c, subject); ok {
		if unknown != nil {
			return r.undecided(c, *unknown, last)
		}
		return holds != c.negated
	}
	at, found := r.branch.match(c.Directive, c.pattern, c.flags.ofRegexp(), subject)
	switch {
	case found == expr.Unknown:
		return r.undecided(c, Doubt{Reason: expr.Beyond{Kind: expr.Pattern, Subject: c.pattern}}, last)
	case found == expr.True && !c.negated:
		*last = caught{groups: groupsIn(subject, at)}
	}
	return (found == expr.True) != c.negated
}

// undecided decides a condition that hangs on what is not known by the branch.
func (r *rewriting) undecided(c condition, d Doubt, last *caught) bool {
	d.By = cmp.Or(d.By, c.Directive)
	holds := r.assume(d)
	if holds && !c.negated {
		*last = caught{unknown: &d}
	}
	return holds
}

// expression decides a RewriteCond expr. Of one that is not negated the groups
// of its last match are caught.
func (r *rewriting) expression(c condition, last *caught) bool {
	if c.problem != "" {
		return r.undecided(c, Doubt{Reason: expr.Beyond{Kind: expr.NotUnderstood, Subject: c.problem}}, last)
	}
	decision := c.expression.Decide(r.facts())
	if decision.Truth == expr.Unknown {
		return r.undecided(c, Doubt{Reason: decision.Reason}, last)
	}
	holds := decision.Truth == expr.True
	if holds && !c.negated {
		*last = caught{groups: decision.Groups}
		if decision.GroupsReason != nil {
			last.unknown = &Doubt{By: c.Directive, Reason: decision.GroupsReason}
		}
	}
	return holds != c.negated
}

// compareWith decides the conditions that are no regular expressions. ok is
// false where this is one. The pattern is not expanded (cmd_rewritecond).
func (r *rewriting) compareWith(c condition, subject string) (holds bool, unknown *Doubt, ok bool) {
	if len(c.pattern) < 2 {
		return false, nil, false
	}
	for _, operator := range []string{"<=", ">=", "=", "<", ">"} {
		if other, ok := strings.CutPrefix(c.pattern, operator); ok {
			if operator == "=" && other == `""` {
				other = ""
			}
			return compareBy(operator, compareTexts(operator, subject, other, c.flags.has("NC", "nocase"))), nil, true
		}
	}
	for _, operator := range []string{"-eq", "-ne", "-le", "-lt", "-ge", "-gt"} {
		if other, ok := strings.CutPrefix(c.pattern, operator); ok && other != "" {
			return compareBy(operator, cmp.Compare(leadingInt(subject), leadingInt(other))), nil, true
		}
	}
	if len(c.pattern) == 2 && c.pattern[0] == '-' {
		holds, reason := r.facts().Test(c.pattern[1:], subject)
		if reason != nil {
			unknown = &Doubt{Reason: Unknown{Kind: RewriteTest, Subject: c.subject, Why: reason}}
		}
		return holds == expr.True, unknown, true
	}
	return false, nil, false
}

// compareTexts compares as mod_rewrite does: with case, the longer text is the
// greater one (compare_lexicography).
func compareTexts(operator, left, right string, anyCase bool) int {
	switch {
	case anyCase:
		return strings.Compare(mapLetters(left, 'A', 'Z'), mapLetters(right, 'A', 'Z'))
	case operator == "=" || len(left) == len(right):
		return strings.Compare(left, right)
	}
	return cmp.Compare(len(left), len(right))
}

func compareBy(operator string, difference int) bool {
	switch strings.TrimPrefix(operator, "-") {
	case "=", "eq":
		return difference == 0
	case "ne":
		return difference != 0
	case "<", "lt":
		return difference < 0
	case "<=", "le":
		return difference <= 0
	case ">", "gt":
		return difference > 0
	}
	return difference >= 0
}
