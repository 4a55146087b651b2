package audit

import (
	"regexp"
	"strings"
)

// aliasIndex finds those among many aliases that take a URL, so that not each
// one is held against all before it.
type aliasIndex struct {
	list    []*Alias
	plain   map[string][]int // numbers by URL path, with slashes as matchURLPath takes them
	lengths map[int]bool     // of these paths
	matches []int            // numbers of those with a regular expression
	byText  map[string][]int // these by their regular expression
}

func newAliasIndex(list []*Alias) *aliasIndex {
	x := &aliasIndex{list: list, plain: map[string][]int{}, lengths: map[int]bool{}, byText: map[string][]int{}}
	for n, a := range list {
		if a.IsMatch {
			x.matches = append(x.matches, n)
			x.byText[a.URL] = append(x.byText[a.URL], n)
		} else {
			url := singleSlashes(a.URL)
			x.plain[url] = append(x.plain[url], n)
			x.lengths[len(url)] = true
		}
	}
	return x
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
			if undecided(x.list[n].Unknown, alias.Unknown) == nil {
				first = n
				return
			}
		}
	}
	if alias.IsMatch {
		take(x.byText[alias.URL])
		take(x.plain["/"])
	} else {
		for _, whole := range []string{"^/", "/", "^" + regexp.QuoteMeta(alias.URL)} {
			take(x.byText[whole])
		}
		x.eachPrefix(alias.URL, take)
	}
	if first == number {
		return nil
	}
	return x.list[first]
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
		if x.lengths[end] && (end == len(uri) || uri[end] == '/' || uri[end-1] == '/') {
			if numbers := x.plain[uri[:end]]; len(numbers) > 0 {
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
