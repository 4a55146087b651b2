package expr

import (
	"strings"
	"testing"
)

// growing are expressions that are easy to read or evaluate slowly, at any size.
var growing = map[string]func(n int) string{
	"conditions": func(n int) string { return strings.Repeat("false || ", n) + "true" },
	"variables":  func(n int) string { return "'" + strings.Repeat("%{A}", n) + "' == 'x'" },
	"parts":      func(n int) string { return strings.Repeat("'a' . ", n) + "'a' == 'x'" },
	"words":      func(n int) string { return "'x' in {" + strings.Repeat("'a', ", n) + "'a'}" },
	"escapes":    func(n int) string { return "'" + strings.Repeat(`\101\n`, n) + "' == 'x'" },
	"matches":    func(n int) string { return strings.Repeat("'b' =~ /(a)/ || ", n) + "'$1' == 'x'" },
	"globs": func(n int) string {
		return "'" + strings.Repeat("a", n/100) + "' -strmatch '" + strings.Repeat("*", n/100) + "b'"
	},
}

// allocatedBy is how often an expression takes memory: growth is told without a
// clock.
func allocatedBy(text string) float64 {
	return testing.AllocsPerRun(3, func() { decide(text, host{"/srv/a"}) })
}

// TestExpressionsTakeLinearMemory evaluates each at two sizes: four times as much text
// takes no more than about four times as many allocations.
func TestExpressionsTakeLinearMemory(t *testing.T) {
	for name, make := range growing {
		small, large := allocatedBy(make(1000)), allocatedBy(make(4000))
		if large > 5*small+50 {
			t.Errorf("%s: %v allocations, and %v for four times as much", name, small, large)
		}
	}
}

// BenchmarkDecide reads and evaluates expressions of several sizes.
func BenchmarkDecide(b *testing.B) {
	for name, make := range growing {
		for size, n := range map[string]int{"small": 1000, "large": 10_000} {
			b.Run(name+"/"+size, func(b *testing.B) {
				text := make(n)
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					decide(text, host{"/srv/a"})
				}
			})
		}
	}
}
