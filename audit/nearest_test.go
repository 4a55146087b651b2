package audit

import (
	"math/rand/v2"
	"testing"
)

// TestNearestIsFoundAsByComparingEach holds the index against comparing a name with
// each of those that are known.
func TestNearestIsFoundAsByComparingEach(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	name := func() string {
		text := make([]byte, 1+random.IntN(4))
		for i := range text {
			text[i] = "abAB-."[random.IntN(6)]
		}
		return string(text)
	}
	for range 5000 {
		var names [2][]string
		for i := range random.IntN(8) {
			names[i%2] = append(names[i%2], name())
		}
		misspelt := name()
		found := map[string]bool{}
		want := ""
		for _, name := range append(names[0][:len(names[0]):len(names[0])], names[1]...) {
			if isNear(plain(misspelt), plain(name)) {
				found[name], want = true, name
			}
		}
		if len(found) > 1 {
			want = ""
		}
		if got := nearest(misspelt, newNameIndex(names[0]), newNameIndex(names[1])); got != want {
			t.Errorf("nearest to %q of %q: %q, want %q", misspelt, names, got, want)
		}
	}
}
