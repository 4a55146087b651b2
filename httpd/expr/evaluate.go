package expr

import (
	"cmp"
	"strconv"
	"strings"
)

// Decision is what an expression says of a request.
type Decision struct {
	Truth  Truth
	Reason Reason   // why Truth is Unknown
	Groups []string // what the last match with groups in its pattern caught: $0 and so on
	// GroupsReason is why Groups are not known: httpd may not look at that match, or
	// not know what is matched; nil where they are.
	GroupsReason Reason
}

// Decide evaluates the expression.
func (x *Expression) Decide(variables Variables) Decision {
	e := evaluation{variables: variables}
	result := x.whole.decide(&e)
	return Decision{result.truth, result.reason, e.groups, e.groupsReason}
}

// evaluation is an expression being evaluated.
type evaluation struct {
	variables    Variables
	groups       []string // of the last match: $0 to $9
	groupsReason Reason   // why these are not known
	perhaps      Reason   // why httpd may not look at what is evaluated now
}

// answer is the truth of a condition, and why it is Unknown.
type answer struct {
	truth  Truth
	reason Reason
}

func (c constant) decide(*evaluation) answer { return answer{truth: TruthOf(bool(c))} }

func (n notExpr) decide(e *evaluation) answer {
	inner := n.inner.decide(e)
	return answer{inner.truth.Not(), inner.reason}
}

func (o orExpr) decide(e *evaluation) answer {
	defer e.restore(e.perhaps)
	best := answer{}
	for _, part := range o {
		if own := part.decide(e); own.truth > best.truth {
			best = own
			e.perhaps = cmp.Or(e.perhaps, own.reason)
		}
		if best.truth == True {
			break
		}
	}
	return best
}

func (a andExpr) decide(e *evaluation) answer {
	defer e.restore(e.perhaps)
	worst := answer{truth: True}
	for _, part := range a {
		if own := part.decide(e); own.truth < worst.truth {
			worst = own
			e.perhaps = cmp.Or(e.perhaps, own.reason)
		}
		if worst.truth == False {
			break
		}
	}
	return worst
}

// restore ends what stands behind a part that may decide the whole: httpd looks
// no further then.
func (e *evaluation) restore(perhaps Reason) { e.perhaps = perhaps }

// catch notes what a match has caught.
func (e *evaluation) catch(groups []string, reason Reason) {
	e.groups, e.groupsReason = groups, cmp.Or(reason, e.perhaps)
}

func (c compareOp) decide(e *evaluation) answer {
	left, right := c.left.value(e), c.right.value(e)
	if reason := cmp.Or(left.Reason, right.Reason); reason != nil {
		if c.cannotHold(left, right) {
			return answer{}
		}
		return answer{Unknown, reason}
	}
	switch c.operator {
	case "-fnmatch":
		return answer{truth: TruthOf(MatchGlob(right.Text, left.Text, GlobPathname))}
	case "-strmatch":
		return answer{truth: TruthOf(MatchGlob(right.Text, left.Text, 0))}
	case "-strcmatch":
		return answer{truth: TruthOf(MatchGlob(lower(right.Text), lower(left.Text), 0))}
	case "-ipmatch":
		return matchNetwork(left.Text, right.Text)
	}
	if number, ok := strings.CutPrefix(c.operator, "-"); ok {
		return compareOrder(number, compareNumbers(left.Text, right.Text))
	}
	return compareOrder(c.operator, strings.Compare(left.Text, right.Text))
}

// cannotHold tells whether a text that is not known begins in another way than what it
// is compared with.
func (c compareOp) cannotHold(left, right Value) bool {
	if right.Reason == nil && left.Start != nil {
		switch c.operator {
		case "==":
			return !left.Start.MayBe(right.Text)
		case "-strmatch", "-fnmatch":
			return !left.Start.MayFit(right.Text)
		}
	}
	return left.Reason == nil && right.Start != nil && c.operator == "==" && !right.Start.MayBe(left.Text)
}

func compareOrder(operator string, order int) answer {
	switch operator {
	case "==", "eq":
		return answer{truth: TruthOf(order == 0)}
	case "!=", "ne":
		return answer{truth: TruthOf(order != 0)}
	case "<", "lt":
		return answer{truth: TruthOf(order < 0)}
	case "<=", "le":
		return answer{truth: TruthOf(order <= 0)}
	case ">", "gt":
		return answer{truth: TruthOf(order > 0)}
	case ">=", "ge":
		return answer{truth: TruthOf(order >= 0)}
	}
	return answer{Unknown, Beyond{Operator, operator}}
}

// compareNumbers compares as intstrcmp does: what is no number counts as 0.
func compareNumbers(left, right string) int {
	a, b := LeadingNumber(left), LeadingNumber(right)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// LeadingNumber is the number that a text begins with, as atoi reads it: 0 for
// none.
func LeadingNumber(text string) int64 {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || end == 0 && (text[0] == '-' || text[0] == '+')) {
		end++
	}
	number, _ := strconv.ParseInt(text[:end], 10, 64)
	return number
}

func (m matchExpr) decide(e *evaluation) answer {
	subject := m.subject.value(e)
	if subject.Reason != nil {
		if m.groups {
			e.catch(nil, subject.Reason)
		}
		if subject.Start != nil {
			return m.decideFrom(*subject.Start, subject.Reason)
		}
		return answer{Unknown, subject.Reason}
	}
	if reason := e.variables.MayMatch(m.pattern, subject.Text); reason != nil {
		if m.groups {
			e.catch(nil, reason)
		}
		return answer{Unknown, reason}
	}
	groups := m.pattern.Groups(subject.Text)
	if m.groups {
		e.catch(groups, nil)
	}
	return answer{truth: TruthOf((groups != nil) != m.negated)}
}

// decideFrom is the answer for a text of which only the start is known, and the reason
// why that is all.
func (m matchExpr) decideFrom(start Start, reason Reason) answer {
	switch matches := m.pattern.MatchesFrom(start); {
	case matches == Unknown:
		return answer{Unknown, reason}
	case m.negated:
		return answer{truth: matches.Not()}
	default:
		return answer{truth: matches}
	}
}

func (in inExpr) decide(e *evaluation) answer {
	needle := in.needle.value(e)
	switch {
	case needle.Reason != nil:
		return answer{Unknown, needle.Reason}
	case in.call != "":
		return answer{Unknown, Beyond{ListFunction, in.call}}
	}
	result := answer{}
	for _, word := range in.words {
		switch value := word.value(e); {
		case value.Reason != nil:
			result = answer{Unknown, value.Reason}
		case value.Text == needle.Text:
			return answer{truth: True}
		}
	}
	return result
}

func (u unaryExpr) decide(e *evaluation) answer {
	word := u.word.value(e)
	if word.Reason != nil {
		return answer{Unknown, word.Reason}
	}
	switch u.operator {
	case "n":
		return answer{truth: TruthOf(word.Text != "")}
	case "z":
		return answer{truth: TruthOf(word.Text == "")}
	case "T":
		return answer{truth: TruthOf(isTrueWord(word.Text))}
	}
	truth, reason := e.variables.Test(u.operator, word.Text)
	return answer{truth, reason}
}

// isTrueWord is the operator -T: neither empty nor one of the words for no.
func isTrueWord(text string) bool {
	for _, no := range []string{"", "0", "off", "false", "no"} {
		if strings.EqualFold(text, no) {
			return false
		}
	}
	return true
}
