package conf

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// conditionalIndex finds those among many sections with conditions that may hold
// a directive which a request asks for: a server with thousands of applications
// may have one for each of them.
type conditionalIndex struct {
	chains [][]*section                  // each If with its ElseIf and Else
	named  map[string]*expr.LiteralIndex // their numbers by what they hold, in lower case, and what the URL has to hold
}

// newConditionalIndex is nil for few sections.
func newConditionalIndex(all []*section) *conditionalIndex {
	if len(all) <= fewSections {
		return nil
	}
	x := &conditionalIndex{named: map[string]*expr.LiteralIndex{}}
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && !all[to].Is("<If") {
			to++
		}
		x.add(all[from:to])
		from = to
	}
	return x
}

func (x *conditionalIndex) add(chain []*section) {
	needed := ""
	if first := chain[0].test; len(chain) == 1 && first.condition != nil {
		needed = first.condition.Needs("REQUEST_URI")
	}
	held := map[string]bool{}
	for _, s := range chain {
		s.addNames(held)
	}
	for name := range held {
		index := x.named[name]
		if index == nil {
			index = &expr.LiteralIndex{}
			x.named[name] = index
		}
		index.Add(len(x.chains), needed)
	}
	x.chains = append(x.chains, chain)
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

// withConditions are the sections with conditions that may hold a directive of
// one of these names for a URL, or all where no name is given or they are few.
func (own *sections) withConditions(uri string, names []string) []*section {
	x := own.byName
	if x == nil || len(names) == 0 {
		return own.conditions
	}
	var lists [][]int32
	for _, name := range names {
		switch index := x.named[strings.ToLower(name)]; {
		case index == nil:
		case uri == "":
			lists = append(lists, index.All())
		default:
			lists = append(lists, index.Near(uri)...)
		}
	}
	var found []*section
	for i := range expr.InOrder(lists) {
		found = append(found, x.chains[i]...)
	}
	return found
}
