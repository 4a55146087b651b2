package wsgi

import (
	"iter"
	"regexp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// aliasIndex finds those among many aliases that take a URI, so that not each
// one is held against all before it.
type aliasIndex struct {
	httpd    *request.Httpd
	list     []*Alias
	plain    request.URLPaths  // numbers of those without a regular expression
	patterns expr.LiteralIndex // numbers of those with one
	byText   map[string][]int32
	firsts   map[int32]map[around]int32 // what firstsOf has found, by the first of the aliases
}

// around is what decides whether an alias is there where another one is: the
// innermost condition that is not known to hold, or nil, and where its text has a
// mark of a template, the loop, since that has another value in each round of one.
type around struct {
	condition *conf.Condition
	loop      conf.Loop
}

func newAliasIndex(list []*Alias, httpd *request.Httpd) aliasIndex {
	x := aliasIndex{httpd: httpd, list: list}
	if len(list) < 2 {
		return x // as most servers have: none stands before another
	}
	plain := make([]request.URLPath, 0, len(list))
	for n, a := range list {
		if !a.IsMatch {
			plain = append(plain, request.URLPath{Text: a.URLPath, Number: n})
			continue
		}
		x.patterns.Add(n, a.needed)
		if x.byText == nil {
			x.byText = map[string][]int32{}
		}
		x.byText[a.URLPath] = append(x.byText[a.URLPath], int32(n))
	}
	x.plain = request.NewURLPaths(plain)
	return x
}

// Shadowed are the server's own aliases that never answer, each with the first
// one before it that takes all its requests.
func (s *Server) Shadowed() iter.Seq2[*Alias, *Alias] {
	return func(yield func(alias, above *Alias) bool) {
		if len(s.Aliases) < 2 {
			return
		}
		index := newAliasIndex(s.Aliases, s.Httpd)
		for n, alias := range s.Aliases {
			if above := index.shadowOf(n); above != nil && !yield(alias, above) {
				return
			}
		}
	}
}

// shadowOf is the first alias before the one of that number that takes all its
// requests, or nil.
func (x *aliasIndex) shadowOf(number int) *Alias {
	alias := x.list[number]
	first := number
	take := func(numbers []int32) {
		if n := x.firstTold(numbers, alias); n >= 0 {
			first = min(first, n)
		}
	}
	if alias.IsMatch {
		take(x.byText[alias.URLPath])
		take(x.plain.At("/"))
	} else {
		for _, whole := range []string{"^/", "/", "^" + regexp.QuoteMeta(alias.URLPath)} {
			take(x.byText[whole])
		}
		for _, numbers := range x.plain.Taking(alias.URLPath) {
			take(numbers)
		}
	}
	if first == number {
		return nil
	}
	return x.list[first]
}

// firstTold is the first of the aliases of one text that is there for certain
// where another one is; -1 for none.
func (x *aliasIndex) firstTold(numbers []int32, alias *Alias) int {
	if len(numbers) == 0 {
		return -1
	}
	at := around{}
	if conf.HasMark(x.list[numbers[0]].URLPath) {
		at.loop = alias.Loop()
	}
	firsts := x.firstsOf(numbers)
	first, found := firsts[at]
	for at.condition = alias.Unknown; at.condition != nil; at.condition = at.condition.Outer {
		if n, ok := firsts[at]; ok && (!found || n < first) {
			first, found = n, true
		}
	}
	if !found {
		return -1
	}
	return int(first)
}

// firstsOf are the first of the aliases of one text in each condition and loop.
// They are gone through once: each of thousands may stand in a condition of its
// own.
func (x *aliasIndex) firstsOf(numbers []int32) map[around]int32 {
	if known := x.firsts[numbers[0]]; known != nil {
		return known
	}
	firsts := map[around]int32{}
	for _, n := range numbers {
		at := around{}
		if alias := x.list[n]; conf.HasMark(alias.URLPath) {
			at.loop = alias.Loop()
		}
		for doubt := range x.httpd.Doubts(x.list[n].Directive, nil) {
			at.condition = doubt.Condition
			break
		}
		if _, ok := firsts[at]; !ok {
			firsts[at] = n
		}
	}
	if x.firsts == nil {
		x.firsts = map[int32]map[around]int32{}
	}
	x.firsts[numbers[0]] = firsts
	return firsts
}

// taking are the aliases that may take a URI, in their order.
func (x *aliasIndex) taking(uri string) iter.Seq[*Alias] {
	return func(yield func(*Alias) bool) {
		for n := range expr.InOrder(append(x.plain.Taking(uri), x.patterns.Near(uri)...)) {
			if !yield(x.list[n]) {
				return
			}
		}
	}
}

// isFree tells whether none of the aliases before that number takes a URI.
func (x *aliasIndex) isFree(uri string, number int) bool {
	for _, numbers := range x.plain.Taking(uri) {
		if int(numbers[0]) < number {
			return false
		}
	}
	for n := range expr.InOrder(x.patterns.Near(uri)) {
		if n >= number {
			break
		}
		if _, takes := x.list[n].match(uri); takes == expr.True {
			return false
		}
	}
	return true
}
