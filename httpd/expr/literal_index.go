package expr

import (
	"container/heap"
	"iter"
	"regexp/syntax"
	"slices"
	"strings"
)

// LiteralIndex finds those among many patterns that may match a text, so that
// not each of them is tried on it: by a plain text that whatever a pattern
// matches holds, in any case of its letters.
type LiteralIndex struct {
	numbers map[string][]int32 // of patterns, by that text
	lengths []int              // of these texts, each once
	always  []int32            // patterns that need no text
	all     []int32
}

// maxLiteral is how much of a text patterns are found by.
const maxLiteral = 32

// Add adds the pattern of a number, which is not lower than those before it, and
// the text that it needs, "" for none.
func (x *LiteralIndex) Add(number int, needed string) {
	x.all = append(x.all, int32(number))
	needed = ASCIIStart(needed)
	if needed == "" {
		x.always = append(x.always, int32(number))
		return
	}
	if x.numbers == nil {
		x.numbers = map[string][]int32{}
	}
	key := strings.ToLower(needed[:min(len(needed), maxLiteral)])
	x.numbers[key] = append(x.numbers[key], int32(number))
	if !slices.Contains(x.lengths, len(key)) {
		x.lengths = append(x.lengths, len(key))
	}
}

// ASCIIStart is a text up to its first letter outside of ASCII: of those, more
// than one may be the same in another case.
func ASCIIStart(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return text[:i]
		}
	}
	return text
}

// Near are lists of the numbers, each in order, of all patterns that may match a
// text. [InOrder] goes through them.
func (x *LiteralIndex) Near(text string) [][]int32 {
	if len(x.numbers) == 0 || ASCIIStart(text) != text {
		return [][]int32{x.all}
	}
	lower := strings.ToLower(text)
	lists := [][]int32{x.always}
	found := map[string]bool{} // a text may stand there more than once
	for _, length := range x.lengths {
		for start := 0; start+length <= len(lower); start++ {
			key := lower[start : start+length]
			if numbers := x.numbers[key]; numbers != nil && !found[key] {
				found[key] = true
				lists = append(lists, numbers)
			}
		}
	}
	return lists
}

// All are the numbers of all patterns, in order.
func (x *LiteralIndex) All() []int32 { return x.all }

// InOrder gives the numbers of sorted lists in their order, each once. What is
// taken of them costs little more for many lists than for few.
func InOrder(lists [][]int32) iter.Seq[int] {
	return func(yield func(int) bool) {
		rest := make(byFirst, 0, len(lists))
		for _, list := range lists {
			if len(list) > 0 {
				rest = append(rest, list)
			}
		}
		heap.Init(&rest)
		for last := int32(-1); len(rest) > 0; {
			number := rest[0][0]
			if rest[0] = rest[0][1:]; len(rest[0]) > 0 {
				heap.Fix(&rest, 0)
			} else {
				heap.Pop(&rest)
			}
			if number == last {
				continue
			}
			if last = number; !yield(int(number)) {
				return
			}
		}
	}
}

// byFirst are lists of which none is empty, as a heap: the one with the lowest
// number is the first.
type byFirst [][]int32

func (l byFirst) Len() int           { return len(l) }
func (l byFirst) Less(i, j int) bool { return l[i][0] < l[j][0] }
func (l byFirst) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *byFirst) Push(list any)     { *l = append(*l, list.([]int32)) }
func (l *byFirst) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

// NeededBy is a plain text that stands in whatever a regular expression of httpd
// matches, in any case of its letters; "" where there is none. Of one that
// cannot be compiled it is what all of its matches begin with.
func (r *Regexps) NeededBy(pattern, flags string) string {
	if _, err := r.Compile(pattern, flags); err != nil {
		return LiteralStart(pattern)
	}
	return neededByText(regexpFlags(flags) + pattern)
}

// neededByText is NeededBy for a regular expression of Go.
func neededByText(pattern string) string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	return neededBy(parsed)
}

func neededBy(re *syntax.Regexp) string {
	switch {
	case re.Op == syntax.OpLiteral:
		return string(re.Rune)
	case re.Op == syntax.OpCapture, re.Op == syntax.OpPlus, re.Op == syntax.OpRepeat && re.Min > 0:
		return neededBy(re.Sub[0])
	case re.Op != syntax.OpConcat:
		return ""
	}
	longest := ""
	for _, part := range re.Sub {
		if needed := ASCIIStart(neededBy(part)); len(needed) > len(longest) {
			longest = needed
		}
	}
	return longest
}
