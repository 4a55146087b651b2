package conf

import (
	"slices"
	"strings"
)

// condition tells whether the text of a branch comes, by the values that are
// given to what it asks about: its subjects.
type condition func(given values) bool

// values are those of subjects: a comparison with a text that stands in the
// template is true for that text, and a subject alone for any that is not empty.
type values map[string]string

// some is the value of a subject that is compared with nothing.
const some = "some"

// maxCondition is the longest condition that is taken apart, in bytes.
const maxCondition = 512

// subjects are what the conditions of a template ask about, in the order of the
// text, each with the values that make a difference; "" is one of each.
type subjects struct {
	names    []string
	values   map[string][]string
	branches map[string]int // the branch of a condition that asks about it first
	branch   int            // that is read
}

func (s *subjects) note(name, value string) {
	if s.values == nil {
		s.values, s.branches = map[string][]string{}, map[string]int{}
	}
	if _, known := s.values[name]; !known {
		s.names, s.branches[name] = append(s.names, name), s.branch
	}
	if value != "" && len(s.values[name]) < maxRenderings && !slices.Contains(s.values[name], value) {
		s.values[name] = append(s.values[name], value)
	} else if s.values[name] == nil {
		s.values[name] = []string{}
	}
}

// of are the values that make a difference, without "".
func (s *subjects) of(name string) []string {
	if len(s.values[name]) == 0 {
		return []string{some}
	}
	return s.values[name]
}

// first is the first value of a subject that makes a difference.
func (s *subjects) first(_ int, name string) string { return s.of(name)[0] }

// parse reads a condition of any of the languages: or, and, not, comparisons of
// a subject with a text. All else is a subject as a whole.
func (s *subjects) parse(text string) condition {
	text = strings.TrimSpace(text)
	if len(text) <= maxCondition {
		if parts := splitOutside(text, " or ", "||"); len(parts) > 1 {
			return s.any(parts)
		}
		if parts := splitOutside(text, " and ", "&&"); len(parts) > 1 {
			return s.all(parts)
		}
		if inner, ok := negation(text); ok {
			return not(s.parse(inner))
		}
		if inner, ok := inParentheses(text); ok {
			return s.parse(inner)
		}
		if c, ok := s.function(text); ok {
			return c
		}
	}
	return s.comparison(text)
}

func (s *subjects) all(parts []string) condition {
	all := make([]condition, len(parts))
	for i, part := range parts {
		all[i] = s.parse(part)
	}
	return func(given values) bool {
		return !slices.ContainsFunc(all, func(c condition) bool { return !c(given) })
	}
}

func (s *subjects) any(parts []string) condition {
	some := make([]condition, len(parts))
	for i, part := range parts {
		some[i] = s.parse(part)
	}
	return func(given values) bool {
		return slices.ContainsFunc(some, func(c condition) bool { return c(given) })
	}
}

func not(c condition) condition { return func(given values) bool { return !c(given) } }

func negation(text string) (inner string, ok bool) {
	if inner, ok = strings.CutPrefix(text, "not "); ok {
		return inner, true
	}
	inner, ok = strings.CutPrefix(text, "!")
	return inner, ok && !strings.HasPrefix(inner, "=") && !strings.HasPrefix(inner, "~")
}

// inParentheses is what stands in the parentheses around a whole text.
func inParentheses(text string) (inner string, ok bool) {
	if !strings.HasPrefix(text, "(") || !strings.HasSuffix(text, ")") {
		return "", false
	}
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 && i < len(text)-1 {
				return "", false
			}
		}
	}
	return text[1 : len(text)-1], true
}

// splitOutside splits text at separators that are in no quotes and brackets.
func splitOutside(text string, separators ...string) []string {
	var parts []string
	depth, quote, start := 0, byte(0), 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		}
		if quote != 0 || depth != 0 {
			continue
		}
		for _, separator := range separators {
			if strings.HasPrefix(text[i:], separator) && i > start {
				parts = append(parts, text[start:i])
				start = i + len(separator)
				i = start - 1
				break
			}
		}
	}
	return append(parts, text[start:])
}
