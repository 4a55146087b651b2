package expr

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// largePatterns take more memory together than is kept.
func largePatterns() (patterns []string) {
	for i := range 400 {
		patterns = append(patterns, fmt.Sprintf("^%s(abcdefghijkl){1000}|^%d$", strings.Repeat("a", i%7), i))
	}
	return patterns
}

// TestRegularExpressionsDoNotDependOnTheirOrder matches the same ones forwards and
// backwards: which are kept is no matter of what is answered.
func TestRegularExpressionsDoNotDependOnTheirOrder(t *testing.T) {
	t.Parallel()
	patterns := largePatterns()
	numbers := make([]int, len(patterns))
	for i := range numbers {
		numbers[i] = i
	}
	backwards := slices.Clone(numbers)
	slices.Reverse(backwards)
	var r Regexps
	for _, i := range slices.Concat(numbers, backwards, numbers[:10]) {
		compiled, err := r.Compile(patterns[i], "")
		if err != nil {
			t.Fatalf("%s: %v", patterns[i], err)
		}
		if !compiled.Matches(fmt.Sprint(i)) || compiled.Matches(fmt.Sprint(i, "x")) {
			t.Errorf("%s does not match what it is for, or something else", patterns[i])
		}
		if r.size > maxKept {
			t.Fatalf("%d instructions are kept", r.size)
		}
	}
	if size := 12_000 * len(patterns); size <= maxKept {
		t.Errorf("all of them have %d instructions, which can be kept", size)
	}
}

// TestRegularExpressionsHaveLimitsOfTheirOwn tells which are refused, whatever else
// there is.
func TestRegularExpressionsHaveLimitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pattern string
		refused bool
	}{
		"one of the size of its text":   {strings.Repeat("usual|words|", 1000), false},
		"hexadecimal digits":            {"^[0-9a-fA-F]{64}$", false},
		"names of hosts":                {`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,63}$`, false},
		"a count of a few letters":      {"(abcdefghijkl){1000}", false},
		"a count of more":               {"(abcdefghijklmnopqrstuvwxyz){1000}", true},
		"more text than PCRE2 can have": {strings.Repeat("a", 70_000), true},
	} {
		var r Regexps
		if _, err := r.Compile(c.pattern, ""); (err != nil) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCostOfRegularExpressions is at least as large as what is tried at each byte.
func TestCostOfRegularExpressions(t *testing.T) {
	t.Parallel()
	for pattern, least := range map[string]int{"^/a": 2, "(.*)x": 3, "(a?){500}b": 1000, ".{900}": 1800} {
		var r Regexps
		compiled, err := r.Compile(pattern, "")
		if err != nil {
			t.Fatal(err)
		}
		if cost := compiled.Cost(); cost < least || cost > 10*least {
			t.Errorf("%s costs %d, want about %d", pattern, cost, least)
		}
	}
}
