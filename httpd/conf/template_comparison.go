package conf

import (
	"slices"
	"strings"
)

// operators are those of comparisons, in all of the languages. Of two that say the
// opposite of each other one is told by the other, so that both never hold. An
// operator comes before those that it contains.
var operators = []struct {
	written, is string
	negated     bool
}{
	{" is not ", "is", true}, {" is ", "is", false}, {" not in ", "in", true}, {" in ", "in", false},
	{"!=", "==", true}, {"==", "==", false}, {"!~", "=~", true}, {"=~", "=~", false},
	{"<=", ">", true}, {">=", ">=", false}, {"<", ">=", true}, {">", ">", false},
}

// comparison reads a subject that is compared with something, or a subject alone.
func (s *subjects) comparison(text string) condition {
	for _, o := range operators {
		parts := splitOutside(text, o.written)
		if len(parts) != 2 || len(text) > maxCondition {
			continue
		}
		c := s.compare(strings.TrimSpace(parts[0]), o.is, strings.TrimSpace(parts[1]))
		if o.negated {
			return not(c)
		}
		return c
	}
	return s.alone(text)
}

// compare reads a comparison by an operator that is no opposite.
func (s *subjects) compare(left, operator, right string) condition {
	switch {
	case operator == "is" && right == "defined":
		return s.defined(left)
	case operator == "is" && right == "undefined":
		return not(s.defined(left))
	case operator == "is" && isFalse(right):
		return not(s.alone(left))
	case operator == "==" && left != "" && right != "":
		return s.equals(left, right)
	}
	return s.alone(left + " " + operator + " " + right)
}

func (s *subjects) equals(left, right string) condition {
	if (isQuoted(left) || isFalse(left)) && !isQuoted(right) {
		left, right = right, left
	}
	switch value := strings.Trim(right, `'"`); {
	case isFalse(right):
		return not(s.alone(left))
	case strings.EqualFold(right, "true"):
		return s.alone(left)
	default:
		s.note(left, value)
		return func(given values) bool { return given[left] == value }
	}
}

// isFalse tells the values that are false, and those that are none.
func isFalse(value string) bool {
	return slices.Contains([]string{"false", "False", "none", "None", "nil", "null", "undef", "''", `""`}, value)
}

func isQuoted(text string) bool { return text[0] == '\'' || text[0] == '"' }

// isDefined is added to the name of a subject: it may be defined and yet be false.
const isDefined = " is defined"

// defined reads the question whether a subject is defined, which each is that is true.
func (s *subjects) defined(name string) condition {
	flag := name + isDefined
	s.note(flag, "")
	return func(given values) bool { return given[flag] != "" || given[name] != "" }
}

// alone reads a subject that is compared with nothing, or whose comparison is not
// understood.
func (s *subjects) alone(text string) condition {
	if name, ok := strings.CutSuffix(text, ".nil?"); ok {
		return not(s.defined(name))
	}
	if inner, ok := strings.CutPrefix(text, "defined?"); ok {
		return s.defined(strings.Trim(inner, "() "))
	}
	name, negated := versionTest(plainSubject(text))
	s.note(name, "")
	return func(given values) bool { return (given[name] != "") != negated }
}

// plainSubject is a subject without Jinja's filters that leave what is true true,
// and what is false false.
func plainSubject(text string) string {
	if len(text) > maxCondition || strings.IndexByte(text, '|') < 0 {
		return text
	}
	parts := splitOutside(text, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	for len(parts) > 1 {
		name, arguments, _ := strings.Cut(strings.TrimSuffix(parts[len(parts)-1], ")"), "(")
		first, _, _ := strings.Cut(arguments, ",")
		if name != "bool" && (name != "default" && name != "d" || first != "" && !isFalse(first)) {
			break
		}
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, " | ")
}

// versionTest tells Ansible's tests of versions by two of their operators.
func versionTest(text string) (name string, negated bool) {
	comma := strings.LastIndexByte(text, ',')
	if comma < 0 || !strings.Contains(text[:comma], "version") || !strings.HasSuffix(text, ")") {
		return text, false
	}
	operator := strings.Trim(text[comma+1:len(text)-1], ` '"`)
	switch operator {
	case "<", "lt":
		operator, negated = ">=", true
	case "<=", "le":
		operator, negated = ">", true
	case "ge":
		operator = ">="
	case "gt":
		operator = ">"
	}
	return text[:comma] + ", " + operator + ")", negated
}

// goFunctions are what Go's templates write before what is compared.
var goFunctions = map[string]string{"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "and": "and", "or": "or"}

// function reads a call of one of these functions.
func (s *subjects) function(text string) (c condition, ok bool) {
	name, rest := firstWord(text)
	operator := goFunctions[name]
	arguments := slices.DeleteFunc(splitOutside(rest, " "), func(word string) bool { return strings.TrimSpace(word) == "" })
	if operator == "" || len(arguments) < 2 {
		return nil, false
	}
	switch operator {
	case "or":
		return s.any(arguments), true
	case "and":
		return s.all(arguments), true
	}
	for i, argument := range arguments[1:] { // of several, one has to be equal
		arguments[i+1] = arguments[0] + operator + argument
	}
	return s.any(arguments[1:]), true
}
