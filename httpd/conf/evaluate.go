package conf

import (
	"fmt"
	"strconv"
	"strings"
)

// evaluation is what an expression is evaluated for.
type evaluation struct {
	server  *Server
	request *Request
	groups  []string // of the last match: $0 to $9
}

// answer is the truth of an expression, and why it is Unknown.
type answer struct {
	truth  Truth
	reason string
}

// text is the value of an operand; with a reason it is not known.
type text struct {
	value  string
	reason string
}

func (w *walker) evaluate(s *section) (Truth, string) {
	if s.problem != "" {
		return Unknown, s.problem
	}
	result := s.condition.decide(&evaluation{server: w.server, request: w.request})
	return result.truth, result.reason
}

func (c constant) decide(*evaluation) answer { return answer{truth: TruthOf(bool(c))} }

func (n notExpr) decide(e *evaluation) answer {
	inner := n.inner.decide(e)
	return answer{inner.truth.not(), inner.reason}
}

func (o orExpr) decide(e *evaluation) answer {
	best := answer{}
	for _, part := range o {
		if own := part.decide(e); own.truth > best.truth {
			best = own
		}
		if best.truth == True {
			break
		}
	}
	return best
}

func (a andExpr) decide(e *evaluation) answer {
	worst := answer{truth: True}
	for _, part := range a {
		if own := part.decide(e); own.truth < worst.truth {
			worst = own
		}
		if worst.truth == False {
			break
		}
	}
	return worst
}

func (c compareOp) decide(e *evaluation) answer {
	left, right := c.left.value(e), c.right.value(e)
	if reason := left.reason + right.reason; reason != "" {
		return answer{Unknown, reason}
	}
	switch c.operator {
	case "-fnmatch":
		return answer{truth: TruthOf(matchGlob(right.value, left.value, globPathname))}
	case "-strmatch":
		return answer{truth: TruthOf(matchGlob(right.value, left.value, 0))}
	case "-strcmatch":
		return answer{truth: TruthOf(matchGlob(strings.ToLower(right.value), strings.ToLower(left.value), 0))}
	case "-ipmatch":
		return matchNetwork(left.value, right.value)
	}
	if number, ok := strings.CutPrefix(c.operator, "-"); ok {
		return compareOrder(number, compareNumbers(left.value, right.value))
	}
	return compareOrder(c.operator, strings.Compare(left.value, right.value))
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
	return answer{Unknown, fmt.Sprintf("the operator -%s is not known", operator)}
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
	text = trimLeft(text)
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || end == 0 && (text[0] == '-' || text[0] == '+')) {
		end++
	}
	number, _ := strconv.ParseInt(text[:end], 10, 64)
	return number
}

func (m matchExpr) decide(e *evaluation) answer {
	subject := m.subject.value(e)
	if subject.reason != "" {
		return answer{Unknown, subject.reason}
	}
	groups := m.pattern.FindStringSubmatch(subject.value)
	if m.groups {
		e.groups = groups
	}
	return answer{truth: TruthOf((groups != nil) != m.negated)}
}

func (in inExpr) decide(e *evaluation) answer {
	needle := in.needle.value(e)
	switch {
	case needle.reason != "":
		return answer{Unknown, needle.reason}
	case in.call != "":
		return answer{Unknown, fmt.Sprintf("what %s(…) gives is not known", in.call)}
	}
	result := answer{}
	for _, word := range in.words {
		switch value := word.value(e); {
		case value.reason != "":
			result = answer{Unknown, value.reason}
		case value.value == needle.value:
			return answer{truth: True}
		}
	}
	return result
}

func (u unaryExpr) decide(e *evaluation) answer {
	word := u.word.value(e)
	if word.reason != "" {
		return answer{Unknown, word.reason}
	}
	switch u.operator {
	case "n":
		return answer{truth: TruthOf(word.value != "")}
	case "z":
		return answer{truth: TruthOf(word.value == "")}
	case "T":
		return answer{truth: TruthOf(isTrueWord(word.value))}
	case "R":
		return answer{Unknown, "the client's address is not known"}
	case "e":
		return e.file(word.value, e.server.Config.files.exists)
	case "d":
		return e.file(word.value, e.server.Config.files.isFolder)
	case "f":
		return e.file(word.value, e.server.Config.files.isFile)
	}
	return answer{Unknown, fmt.Sprintf("what -%s tells is known only while the server runs", u.operator)}
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

// file tests for a file; one that is not here may be on the server when the
// text is only a part of its configuration.
func (e *evaluation) file(name string, test func(string) bool) answer {
	if test(name) {
		return answer{truth: True}
	}
	if c := e.server.Config; !c.Complete || c.IsOfAnotherHost() {
		return answer{Unknown, fmt.Sprintf("whether the server has %s is not known", name)}
	}
	return answer{}
}
