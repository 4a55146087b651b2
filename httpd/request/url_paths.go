package request

import (
	"slices"
	"sort"
	"strings"
)

// URLPaths finds those among many URL paths, as aliases have them, that take a
// URI ([MatchURLPath]), so that not each of them is tried.
type URLPaths struct {
	texts   []string // without doubled slashes, sorted
	numbers []int32  // of each, in order where texts are the same
}

// URLPath is a path with its number.
type URLPath struct {
	Text   string
	Number int
}

// NewURLPaths are paths by their text. They are given in the order of their
// numbers, and put into another.
func NewURLPaths(paths []URLPath) URLPaths {
	for i := range paths {
		paths[i].Text = singleSlashes(paths[i].Text)
	}
	slices.SortStableFunc(paths, func(a, b URLPath) int { return strings.Compare(a.Text, b.Text) })
	x := URLPaths{texts: make([]string, len(paths)), numbers: make([]int32, len(paths))}
	for i, p := range paths {
		x.texts[i], x.numbers[i] = p.Text, int32(p.Number) //nolint:gosec // of lines in a bounded text
	}
	return x
}

// Taking are lists of the numbers, each in order, of the paths that take a URI:
// they are a beginning of it, and end where a part of it ends.
func (x *URLPaths) Taking(uri string) [][]int32 {
	if len(x.texts) == 0 {
		return nil
	}
	uri = singleSlashes(uri)
	var lists [][]int32
	from, to := 0, len(x.texts) // those that begin with uri[:start]
	for start, end := 0, 1; end <= len(uri) && from < to; end++ {
		if end < len(uri) && uri[end] != '/' && uri[end-1] != '/' {
			continue
		}
		part := uri[start:end]
		from += sort.Search(to-from, func(i int) bool { return x.texts[from+i][start:] >= part })
		to = from + sort.Search(to-from, func(i int) bool { return !strings.HasPrefix(x.texts[from+i][start:], part) })
		same := from + sort.Search(to-from, func(i int) bool { return len(x.texts[from+i]) > end })
		if same > from {
			lists = append(lists, x.numbers[from:same])
		}
		start = end
	}
	return lists
}

// At are the numbers of the paths with that text, in order.
func (x *URLPaths) At(text string) []int32 {
	from, found := slices.BinarySearch(x.texts, text)
	if !found {
		return nil
	}
	to := from + sort.Search(len(x.texts)-from, func(i int) bool { return x.texts[from+i] != text })
	return x.numbers[from:to]
}

// singleSlashes is a URL-path in which no slash follows another.
func singleSlashes(url string) string {
	for strings.Contains(url, "//") {
		url = strings.ReplaceAll(url, "//", "/")
	}
	return url
}
