package audit

import (
	"regexp"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/httpdconf"
)

// aliasIndex finds those among many aliases that take a URL, so that not each
// one is held against all before it.
type aliasIndex struct {
	httpd   *request.Httpd
	list    []*Alias
	plain   []int // numbers of those without a regular expression, by their URL path
	matches []int // numbers of those with one, in their order
	byText  []int // the same by their regular expression
}

func newAliasIndex(list []*Alias, httpd *request.Httpd) *aliasIndex {
	x := &aliasIndex{httpd: httpd, list: list}
	for n, a := range list {
		if a.IsMatch {
			x.matches = append(x.matches, n)
		} else {
			x.plain = append(x.plain, n)
		}
	}
	x.byText = slices.Clone(x.matches)
	for _, numbers := range [][]int{x.plain, x.byText} {
		slices.SortStableFunc(numbers, func(a, b int) int { return strings.Compare(list[a].text(), list[b].text()) })
	}
	return x
}

// text is what an alias is found by: its regular expression, or its URL path
// with slashes as matchURLPath takes them.
func (a *Alias) text() string {
	if a.IsMatch {
		return a.URL
	}
	return singleSlashes(a.URL)
}

// at are those of sorted numbers whose aliases have a text, in their order.
func (x *aliasIndex) at(sorted []int, text string) []int {
	start, _ := slices.BinarySearchFunc(sorted, text, func(n int, text string) int { return strings.Compare(x.list[n].text(), text) })
	end := start
	for end < len(sorted) && x.list[sorted[end]].text() == text {
		end++
	}
	return sorted[start:end]
}

// shadowOf is the first alias before the one of that number that takes all its
// requests, or nil.
func (x *aliasIndex) shadowOf(number int) *Alias {
	alias := x.list[number]
	first := number
	take := func(numbers []int) {
		for _, n := range numbers {
			if n >= first {
				return
			}
			if x.isTold(n, alias) {
				first = n
				return
			}
		}
	}
	if alias.IsMatch {
		take(x.at(x.byText, alias.URL))
		take(x.at(x.plain, "/"))
	} else {
		for _, whole := range []string{"^/", "/", "^" + regexp.QuoteMeta(alias.URL)} {
			take(x.at(x.byText, whole))
		}
		x.eachPrefix(alias.URL, take)
	}
	if first == number {
		return nil
	}
	return x.list[first]
}

// isTold tells whether the alias of a number is there for certain where another
// one is, and is another one: a mark of a template has another value in each
// round of a loop.
func (x *aliasIndex) isTold(n int, alias *Alias) bool {
	above := x.list[n]
	if httpdconf.HasMark(above.URL) && isOfLoops(above.Directive, alias.Directive) {
		return false
	}
	return x.httpd.Undecided(above.Unknown, alias.Unknown) == nil
}

// isFree tells whether none of the aliases before that number takes a URL.
func (x *aliasIndex) isFree(uri string, number int) bool {
	free := true
	x.eachPrefix(uri, func(numbers []int) { free = free && numbers[0] >= number })
	for _, n := range x.matches {
		if !free || n >= number {
			break
		}
		_, taken := x.list[n].match(uri)
		free = !taken
	}
	return free
}

// eachPrefix gives the numbers of each URL path that takes a URL: those that
// end where a part of it ends.
func (x *aliasIndex) eachPrefix(uri string, take func(numbers []int)) {
	uri = singleSlashes(uri)
	for end := 1; end <= len(uri); end++ {
		if end == len(uri) || uri[end] == '/' || uri[end-1] == '/' {
			if numbers := x.at(x.plain, uri[:end]); len(numbers) > 0 {
				take(numbers)
			}
		}
	}
}

// singleSlashes is a URL path in which no slash follows another.
func singleSlashes(url string) string {
	for strings.Contains(url, "//") {
		url = strings.ReplaceAll(url, "//", "/")
	}
	return url
}
