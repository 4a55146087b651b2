package expr_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// TestNumbersOfListsComeInOrder holds what is taken of many lists against all of
// their numbers, sorted.
func TestNumbersOfListsComeInOrder(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		lists := make([][]int32, random.IntN(12))
		var want []int
		for i := range lists {
			for n := range int32(30) {
				if random.IntN(4) == 0 {
					lists[i], want = append(lists[i], n), append(want, int(n))
				}
			}
		}
		slices.Sort(want)
		if got := slices.Collect(expr.InOrder(lists)); !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%v gives %v", lists, got)
		}
	}
}

// TestTextThatIsRepeatedIsFoundOnce has what patterns need stand in a text as
// often as it has letters: the patterns are no more for that.
func TestTextThatIsRepeatedIsFoundOnce(t *testing.T) {
	t.Parallel()
	var index expr.LiteralIndex
	for n := range 10 {
		index.Add(n, "/A"[n%2:])
	}
	lists := index.Near(strings.Repeat("/a", 100))
	if got := slices.Collect(expr.InOrder(lists)); len(lists) != 3 || len(got) != 10 {
		t.Errorf("%d lists with %v", len(lists), got)
	}
}
