package request

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// rewriting is one pass through a list of rules (apply_rewrite_list).
type rewriting struct {
	received
	early    *Settings // for what the names of the server are
	folder   string    // that the rules are for, with a slash at its end; "" for a server's
	filename string    // what the rules change: the URI of a server's, a file name of a section's
	info     string    // PATH_INFO, which those of a section look at too
	query    string
	handler  string
	rule     *rule // the last one that matched, or nil
	changed  bool  // a rule put something else in the place of the name
	passed   bool  // by one with PT
	taken    bool  // a redirect, a refusal or a proxy
	endless  bool  // a text became longer than one is let, or [N] begins again too often
	ownsEnv  bool  // the environment is a copy, which it may set variables in

	maps map[string]rewriteMap // of the server; nil before one is looked for

	mayMatch   []int // numbers of the rules that may match the subject below
	mayMatchIn string
}

// apply runs through the rules until one is the last.
func (r *rewriting) apply(set *ruleSet) {
	rules, rounds := set.rules, 1
	for i := 0; i < len(rules); i++ {
		if i = r.nextRule(set, i); i == len(rules) {
			return
		}
		rule := &rules[i]
		if !r.spend(rule.steps*stepsOf(r.filename), rule.Directive) {
			r.taken, r.rule = true, rule
			return
		}
		if r.isLookup && (rule.flags.has("NS", "nosubreq") || rule.flags.has("R", "redirect")) {
			continue
		}
		if !r.applyRule(rule) {
			for i < len(rules)-1 && rules[i].flags.has("C", "chain") {
				i++
			}
			continue
		}
		switch {
		case r.taken || r.passed:
			return
		case rule.flags.has("END", "END"):
			r.ended = true
			return
		case rule.flags.has("L", "last"):
			return
		case rule.flags.has("N", "next"):
			if rounds++; rounds >= maxRounds {
				r.taken, r.endless = true, true
				return
			}
			i = -1
		default:
			i += min(max(0, rule.flags.number("S", "skip")), len(rules)) // httpd skips none for less than 0
		}
	}
}

// status is that of a request which a rule has ended.
func (r *rewriting) status() int {
	switch {
	case !r.taken:
		return 0
	case r.endless:
		return http.StatusInternalServerError
	}
	return r.rule.endStatus()
}

// nextRule is the number of the first rule from i on that may match, or that of
// rules where none may.
func (r *rewriting) nextRule(set *ruleSet, i int) int {
	if set.index == nil {
		return i
	}
	if subject := r.subject(); r.mayMatch == nil || r.mayMatchIn != subject {
		r.mayMatch, r.mayMatchIn = slices.Collect(expr.InOrder(set.index.Near(subject))), subject
		r.spend(stepsOf(subject)+len(r.mayMatch)/linesOfStep, nil)
	}
	at, _ := slices.BinarySearch(r.mayMatch, i)
	if at == len(r.mayMatch) {
		return len(set.rules)
	}
	return r.mayMatch[at]
}

// subject is what the patterns of rules are matched against.
func (r *rewriting) subject() string { return strings.TrimPrefix(r.filename+r.info, r.folder) }

// maxRounds is how often [N] may begin again before it is taken for a loop.
// httpd goes on for 32,000 rounds, which change nothing any more.
const maxRounds = 1000

// applyRule does what a rule says, where it matches (apply_rewrite_rule).
func (r *rewriting) applyRule(rule *rule) (matches bool) {
	groups, matches := r.match(rule, r.subject())
	if !matches {
		return false
	}
	caught, holds := r.conditions(rule.conditions, groups)
	if !holds {
		return false
	}
	text := expansion{rewriting: r, groups: groups, caught: caught, from: rule.Directive}
	r.rule = rule
	r.setVariables(rule.flags, text)
	if handler := rule.flags.value("H", "handler"); handler != "" {
		r.handler = strings.ToLower(text.certain(handler))
	}
	switch {
	case rule.flags.has("F", "forbidden") || rule.flags.has("G", "gone") || rule.flags.isStatus():
		r.taken = true
	case rule.target == "-":
		r.taken = rule.flags.has("R", "redirect") || rule.flags.has("P", "proxy")
		r.passed = rule.flags.has("PT", "passthrough")
		r.changed = r.changed || r.passed
	default:
		r.changeTo(text, rule)
	}
	r.taken = r.taken || r.endless
	return true
}

// match matches the pattern of a rule, and gives what its groups caught.
func (r *rewriting) match(rule *rule, subject string) (groups caught, matches bool) {
	compiled, err := r.server.Config.Regexp(rule.pattern, rule.flags.ofRegexp())
	if err != nil && cannotMatch(rule.pattern, rule.flags, subject) {
		return caught{}, rule.negated
	}
	if err != nil {
		doubt := Doubt{By: rule.Directive, Reason: beyondReader(rule.pattern)}
		return caught{unknown: &doubt}, r.assume(doubt)
	}
	found := compiled.FindStringSubmatch(subject)
	if rule.negated {
		return caught{}, found == nil
	}
	return caught{groups: found}, found != nil
}

// cannotMatch tells whether a text begins in another way than all that a regular
// expression matches, with NC in any case.
func cannotMatch(pattern string, flags flags, text string) bool {
	start := expr.LiteralStart(pattern)
	if len(text) < len(start) || flags.ofRegexp() == "" {
		return !strings.HasPrefix(text, start)
	}
	return !strings.EqualFold(text[:len(start)], start)
}

// beyondReader is the reason where a regular expression cannot be compiled: Go
// has no look-around, back references, or possessive quantifiers of PCRE.
func beyondReader(pattern string) string {
	return fmt.Sprintf("the regular expression %s decides, which holds what this reader cannot match", pattern)
}

// endStatus is the status that a rule ends a request with, 0 for what a proxy
// answers.
func (r *rule) endStatus() int {
	switch {
	case r.flags.has("F", "forbidden"):
		return http.StatusForbidden
	case r.flags.has("G", "gone"):
		return http.StatusGone
	case r.flags.has("P", "proxy"):
		return 0
	}
	return wordStatus(r.flags.value("R", "redirect"))
}
