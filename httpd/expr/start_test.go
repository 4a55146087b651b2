package expr

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestMatchesFromIsTrueOfEachText holds what is said of all texts that begin so against
// many of them.
func TestMatchesFromIsTrueOfEachText(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	oneOf := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	var regexps Regexps
	decided := map[Truth]int{}
	for range 3000 {
		pattern := oneOf("", "^")
		for range 1 + random.IntN(4) {
			pattern += oneOf("/", "a", "b", "ab", "(a|b)", "(/|$)", "[ab]", "[^a]", "a?", "(ab)*", ".", ".*", "$", `\b`, "(?i:A)", "(a|b/|)", "/+")
		}
		compiled, err := regexps.Compile(pattern, "")
		if err != nil {
			t.Fatal(pattern, err)
		}
		start := Start{Text: "/" + strings.Repeat("a", random.IntN(3)) + oneOf("", "/b", "b"), AtSlash: random.IntN(2) == 0}
		all := compiled.MatchesFrom(start)
		decided[all]++
		for range 20 {
			text := start.Text
			if start.AtSlash && !strings.HasSuffix(text, "/") && random.IntN(4) > 0 {
				text += "/"
			}
			if !start.AtSlash || text != start.Text || strings.HasSuffix(text, "/") {
				for range random.IntN(4) {
					text += oneOf("/", "a", "b", "ab", "A")
				}
			}
			if matches := compiled.Matches(text); all != Unknown && all != TruthOf(matches) {
				t.Fatalf("%s matches from %+v: %v, and %s: %v", pattern, start, all, text, matches)
			}
			if compiled.MatchesUpTo("ab") == True && !compiled.Matches(text+"ab") {
				t.Fatalf("%s matches up to ab, and not %s", pattern, text+"ab")
			}
		}
	}
	if decided[True] < 100 || decided[False] < 100 {
		t.Errorf("too few are decided: %v", decided)
	}
}
