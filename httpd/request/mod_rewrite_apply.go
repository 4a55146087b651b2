package request

import (
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
	forced   forced
	rule     *rule // the last one that matched, or nil
	leading  *rule // the last one that leads elsewhere, or nil (lastsub)
	changed  bool  // a rule put something else in the place of the name
	noEscape bool  // by one with NE
	passed   bool  // by one with PT
	proxied  bool  // by one with P
	reduced  bool  // the name of the server stood before the name
	taken    bool  // a redirect, a refusal or a proxy
	refused  bool  // what the rules led to is not let through
	pathless bool  // they led to another server, and the last of them with PT
	endless  bool  // the name became longer than one is let, or [N] begins again too often
	ownsEnv  bool  // the environment is a copy, which it may set variables in

	maps map[string]rewriteMap // of the server; nil before one is looked for

	mayMatch   []int // numbers of the rules that may match the subject below
	mayMatchIn string
}

// apply runs through the rules, and refuses a query in which they have left what
// must be escaped. What they have led to in the end may be another server.
func (r *rewriting) apply(set *ruleSet) {
	r.applyAll(set)
	isAway := !r.passed && !r.proxied && isAbsoluteURI(r.filename)
	isEscaped := isAway && !r.endless && !r.noEscape
	if (r.changed || r.taken) && !isEscaped && strings.ContainsFunc(r.query, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		r.taken, r.refused = true, true
	}
	r.taken = r.taken || r.changed && (isAway || r.proxied)
	if !r.taken && r.changed && !strings.HasPrefix(r.filename, "/") {
		r.taken, r.pathless = true, true
	}
}

// applyAll runs through the rules until one is the last.
func (r *rewriting) applyAll(set *ruleSet) {
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
		if r.isLookup() && (rule.flags.has("NS", "nosubreq") || rule.flags.has("R", "redirect")) {
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
		case rule.flags.has("L", "last"), rule.flags.has("P", "proxy"):
			return
		case rule.flags.has("N", "next"):
			if rounds++; rounds >= rule.flags.rounds() {
				r.isEndless()
				return
			}
			i = -1
		default:
			i += min(max(0, rule.flags.number("S", "skip")), len(rules)) // httpd skips none for less than 0
		}
	}
}

// isEndless ends a request that goes round in circles.
func (r *rewriting) isEndless() { r.taken, r.endless = true, true }

// status is that of a request which a rule has ended.
func (r *rewriting) status() int {
	switch {
	case !r.taken:
		return 0
	case r.refused:
		return http.StatusForbidden
	case r.endless:
		return http.StatusInternalServerError
	case r.pathless:
		return http.StatusBadRequest
	case r.rule.endsRequest():
		return r.rule.flags.status()
	case r.proxied:
		return 0
	case isRedirection(r.ledBy.status):
		return r.ledBy.status
	}
	return http.StatusFound
}

// taker is the rule that has ended a request: for a redirect the one that leads there.
func (r *rewriting) taker() *rule {
	if r.refused || r.endless || r.leading == nil || r.rule.endsRequest() {
		return r.rule
	}
	return r.leading
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

// maxRounds is how many rounds [N] may make (REWRITE_MAX_ROUNDS).
const maxRounds = 32000

// isTooLong tells whether a rule has made a name that httpd answers 500 for: one of
// more than twice the longest line of a request (apply_rewrite_list).
func (r *rewriting) isTooLong(name string) bool {
	most := 8190
	if d := r.server.Last("LimitRequestLine"); d != nil {
		most = int(expr.LeadingNumber(d.Word(0)))
	}
	return len(name) > 2*most
}

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
	var mark questionMark
	target := ""
	var unknown *Doubt
	if !rule.leadsNowhere() {
		mark.ofLast = rule.flags.has("QSL", "qslast")
		target, unknown = text.of(rule.flags, &mark).expand(rule.target)
	}
	if mark.isCaught && !rule.flags.has("UnsafeAllow3F", "UnsafeAllow3F") {
		r.taken, r.refused = true, true
		return true
	}
	r.setVariables(rule.flags, text)
	switch {
	case rule.endsRequest():
		r.taken = true
	case rule.leadsNowhere():
		r.force(rule, text.of(rule.flags, nil))
		r.pass(rule)
	case r.changeTo(target, rule):
		r.force(rule, text.of(rule.flags, nil))
	}
	if unknown != nil && !r.endless {
		r.isUnknown(unknown.By, unknown.Reason)
	}
	return true
}

// match matches the pattern of a rule, and gives what its groups caught.
func (r *rewriting) match(rule *rule, subject string) (groups caught, matches bool) {
	at, found := r.branch.match(rule.Directive, rule.pattern, rule.flags.ofRegexp(), subject)
	switch {
	case found == expr.Unknown:
		doubt := Doubt{By: rule.Directive, Reason: expr.Beyond{Kind: expr.Pattern, Subject: rule.pattern}}
		return caught{unknown: &doubt}, r.assume(doubt)
	case rule.negated:
		return caught{}, found == expr.False
	}
	return caught{groups: groupsIn(subject, at)}, found == expr.True
}

// groupsIn are the texts of groups by their places in a text.
func groupsIn(text string, at []int) []string {
	groups := make([]string, len(at)/2)
	for i := range groups {
		if at[2*i] >= 0 {
			groups[i] = text[at[2*i]:at[2*i+1]]
		}
	}
	return groups
}

// endsRequest tells a rule that answers with a status itself.
func (r *rule) endsRequest() bool {
	return r.flags.has("F", "forbidden") || r.flags.has("G", "gone") || r.flags.hasErrorStatus()
}

// leadsNowhere tells a rule that puts nothing in the place of the name: it redirects
// nobody, whatever its flags.
func (r *rule) leadsNowhere() bool { return r.target == "-" || r.endsRequest() }
