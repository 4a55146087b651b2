package conf

import (
	"math"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// alternatives are an If with its ElseIf and Else.
type alternatives []*section

// alternativesIn parts a list.
func alternativesIn(list []*section) (all []alternatives) {
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && !list[to].Is("<If") {
			to++
		}
		all = append(all, list[from:to])
		from = to
	}
	return all
}

// haveInner tells whether there are conditions inside of one of them.
func (a alternatives) haveInner() bool {
	return slices.ContainsFunc(a, func(s *section) bool { return len(s.inside.conditions) > 0 })
}

// areAround tells whether one of them is around a directive, which may be nil.
func (a alternatives) areAround(d *Directive) bool {
	return slices.ContainsFunc(a, func(s *section) bool { return d.IsWithin(s.Directive) })
}

// conditionalIndex finds those among many sections with conditions that may hold
// a directive which a request asks for: a server with thousands of applications
// may have one for each of them.
type conditionalIndex struct {
	all     []alternatives
	numbers map[*Directive]int32 // of each section: which of these it is one of
	holding map[string]*holding  // by a name in lower case
}

// holding are the alternatives that hold a directive of one name.
type holding struct {
	index      expr.LiteralIndex // their numbers by what the URI has to hold
	firstInner int32             // the number of the first with conditions inside of it, or noInner
}

const noInner = math.MaxInt32

// newConditionalIndex is nil for few sections.
func newConditionalIndex(list []*section) *conditionalIndex {
	if len(list) <= fewSections {
		return nil
	}
	x := &conditionalIndex{all: alternativesIn(list), numbers: map[*Directive]int32{}, holding: map[string]*holding{}}
	for n, a := range x.all {
		x.add(n, a)
	}
	return x
}

func (x *conditionalIndex) add(number int, a alternatives) {
	needed := ""
	if first := a[0].test; len(a) == 1 && first.condition != nil {
		needed = first.condition.Needs("REQUEST_URI")
	}
	held := map[string]bool{}
	for _, s := range a {
		x.numbers[s.Directive] = int32(number)
		s.addNames(held)
	}
	for name := range held {
		h := x.holding[name]
		if h == nil {
			h = &holding{firstInner: noInner}
			x.holding[name] = h
		}
		h.index.Add(number, needed)
		if a.haveInner() {
			h.firstInner = min(h.firstInner, int32(number))
		}
	}
}

// addNames adds what a section with a condition holds, also in others inside.
func (s *section) addNames(held map[string]bool) {
	for d := range (Layer{first: s.child}).Children() {
		held[strings.ToLower(d.Name)] = true
	}
	for _, inner := range s.inside.conditions {
		inner.addNames(held)
	}
}

// last are those that may hold a directive of one of these names for a URI: where
// they hold more sections than there is room for, the last ones, with one or more
// for which there is none, and before them those around the directive kept.
// innerLeft tells that others, with conditions inside of them, were left out.
func (x *conditionalIndex) last(uri string, names []string, room int, kept *Directive) (found []alternatives, innerLeft bool) {
	lists, firstInner := x.numbersOf(uri, names)
	number := x.around(kept)
	isKept := number >= 0 && slices.ContainsFunc(lists, func(list []int32) bool { return isIn(list, number) })
	leftBefore := int32(0)
	for i, list := range lists {
		if len(list) > room {
			lists[i] = list[len(list)-room-1:]
			leftBefore = max(leftBefore, lists[i][0])
		}
	}
	if isKept {
		lists = append(lists, []int32{number})
	}
	for n := range expr.InOrder(lists) {
		found = append(found, x.all[n])
	}
	return found, firstInner < leftBefore
}

// numbersOf are lists of the numbers of those that may hold a directive of one of
// these names for a URI, or for any where that is "", and the first number with
// conditions inside.
func (x *conditionalIndex) numbersOf(uri string, names []string) (lists [][]int32, firstInner int32) {
	firstInner = noInner
	for _, name := range names {
		h := x.holding[strings.ToLower(name)]
		if h == nil {
			continue
		}
		firstInner = min(firstInner, h.firstInner)
		if uri == "" {
			lists = append(lists, h.index.All())
		} else {
			lists = append(lists, h.index.Near(uri)...)
		}
	}
	return lists, firstInner
}

// around is the number of the alternatives around a directive, or -1.
func (x *conditionalIndex) around(d *Directive) int32 {
	for ; d != nil; d = d.Parent {
		if number, ok := x.numbers[d]; ok {
			return number
		}
	}
	return -1
}

func isIn(sorted []int32, number int32) bool {
	_, ok := slices.BinarySearch(sorted, number)
	return ok
}
