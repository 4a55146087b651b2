package system

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMergeKeepsBothChangesOrSaysWhereTheyMeet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, theirs, next, want, misfit string }{
		"nothing changed":          {"a b c", "a b c", "a b c", "a b c", ""},
		"theirs alone":             {"a b c", "a x b c", "a b c", "a x b c", ""},
		"next alone":               {"a b c", "a b c", "a y c", "a y c", ""},
		"both, apart":              {"a b c d", "x b c d", "a b c y", "x b c y", ""},
		"both, in adjacent lines":  {"a b c", "a x c", "a b y", "a x y", ""},
		"inserted after a change":  {"a b c", "a b x c", "a y c", "a y x c", ""},
		"inserted before a change": {"a b c", "a x b c", "a y c", "a x y c", ""},
		"at the end":               {"a b", "a b x", "y a b", "y a b x", ""},
		"deleted":                  {"a b c d", "a c d", "a b c y", "a c y", ""},
		"the same change":          {"a b c", "a x c", "a x c", "a x c", ""},
		"the same and another":     {"a b c d e", "a x c d z", "a x c d e", "a x c d z", ""},
		"the same line":            {"a b c", "a x c", "a y c", "", "2: b: x: y"},
		"deleted and changed":      {"a b c", "a c", "a y c", "", "2: b: : y"},
		"inserted in one place":    {"a b", "a x b", "a y b", "", "2: : x: y"},
		"inserted within a change": {"a b c d", "a b x c d", "a y d", "", "2: b c: b x c: y"},
		"all anew":                 {"", "a", "", "a", ""},
	} {
		text := func(words string) string { return strings.ReplaceAll(words, " ", "\n") + "\n" }
		merged, unfit := mergeTexts(text(c.before), text(c.theirs), text(c.next))
		if unfit != nil {
			words := func(lines []string) string {
				return strings.TrimSpace(strings.ReplaceAll(strings.Join(lines, ""), "\n", " "))
			}
			got := string(rune('0'+unfit.Line)) + ": " + words(unfit.Before) + ": " + words(unfit.Theirs) + ": " + words(unfit.Next)
			if got != c.misfit {
				t.Errorf("%s: misfit %q, want %q", name, got, c.misfit)
			}
			continue
		}
		if want := text(c.want); merged != want || c.misfit != "" {
			t.Errorf("%s: %q, want %q, misfit %q", name, merged, want, c.misfit)
		}
	}
}

// What leads from one text to another does so, whatever they hold; a change that
// meets none stays whole, and the order of the two changes does not matter.
func FuzzMerge(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nx\nc\n", "b\nc\nd\n")
	f.Add("", "a", "\n\n")
	f.Add("a\na\nb\na\n", "a\nb\na\na\n", "b\n")
	f.Fuzz(func(t *testing.T, before, theirs, next string) {
		base, other := linesOf(before), linesOf(theirs)
		if got := within(base, hunksOf(base, other), 0, len(base)); strings.Join(got, "") != strings.Join(other, "") {
			t.Fatalf("hunks lead to %q, want %q", got, other)
		}
		for _, unchanged := range []string{before, theirs} {
			merged, unfit := mergeTexts(before, theirs, unchanged)
			if want := strings.Join(other, ""); unfit != nil || merged != want {
				t.Fatalf("with %q: %q, misfit %v, want %q", unchanged, merged, unfit, want)
			}
		}
		one, unfit := mergeTexts(before, theirs, next)
		another, unfitToo := mergeTexts(before, next, theirs)
		if (unfit == nil) != (unfitToo == nil) || one != another {
			t.Fatal(cmp.Diff(one, another))
		}
	})
}

// Large texts are compared in bounded room.
func TestMergeOfLargeTexts(t *testing.T) {
	t.Parallel()
	before := strings.Repeat("a\nb\n", 3000)
	theirs, next := strings.Repeat("b\nc\n", 3000)+"end\n", before
	if merged, unfit := mergeTexts(before, theirs, next); unfit != nil || merged != theirs {
		t.Errorf("misfit %v", unfit)
	}
}
