package wsgi

import (
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// placeIndex finds those among many sections that may be for a part of a place,
// so that not each section is held against each entry point. What it leaves out
// is what [partOf] is false for.
type placeIndex struct {
	folders, locations pathIndex
	files              []int // sections that name files alone, by their number
	sections           []*conf.Directive
}

// newPlaceIndex is nil for no sections, as most servers have.
func newPlaceIndex(sections []*conf.Directive) *placeIndex {
	if len(sections) == 0 {
		return nil
	}
	x := &placeIndex{sections: sections}
	for n, section := range sections {
		var folder, location, file string
		for _, s := range section.Nesting() {
			switch {
			case IsOpenSection(s):
			case s.Is("<Files"):
				file = s.Word(0)
			case s.Is("<Directory"):
				folder = path.Clean(s.Word(0))
			case s.Is("<Location"):
				location = path.Clean(s.Word(0))
			}
		}
		switch {
		case folder != "":
			x.folders.add(folder, n)
		case location != "":
			x.locations.add(location, n)
		case file != "":
			x.files = append(x.files, n)
		}
	}
	x.folders.sort()
	x.locations.sort()
	return x
}

// around are the sections that may be for a part of the place at uri and file, no
// more than most of them, in the order of the text.
func (x *placeIndex) around(uri, file string, folder bool, most int) []*conf.Directive {
	if x == nil {
		return nil
	}
	var numbers []int
	if folder {
		numbers = append(x.folders.near(file, most), first(x.files, most)...)
	}
	if uri != "" {
		numbers = append(numbers, x.locations.near(uri, most)...)
	}
	slices.Sort(numbers)
	numbers = first(numbers, most)
	found := make([]*conf.Directive, len(numbers))
	for i, n := range numbers {
		found[i] = x.sections[n]
	}
	return found
}

// size is how many sections there are; none for nil.
func (x *placeIndex) size() int {
	if x == nil {
		return 0
	}
	return len(x.sections)
}

// pathIndex are numbers by clean paths.
type pathIndex struct {
	entries []pathEntry // by path
}

type pathEntry struct {
	path   string
	number int
}

func (x *pathIndex) add(name string, number int) {
	x.entries = append(x.entries, pathEntry{name, number})
}

func (x *pathIndex) sort() {
	slices.SortStableFunc(x.entries, func(a, b pathEntry) int { return strings.Compare(a.path, b.path) })
}

// near are the numbers of the path, of those above it, and of those below it: no
// more than most of each.
func (x *pathIndex) near(name string, most int) []int {
	name = path.Clean(name)
	if name == "/" {
		return x.startingWith("/", most)
	}
	numbers := x.startingWith(name+"/", most)
	if strings.HasPrefix(name, "/") {
		numbers = append(numbers, x.equal("/", most)...)
	}
	for end := 1; end <= len(name); end++ {
		if end == len(name) || name[end] == '/' {
			numbers = append(numbers, x.equal(name[:end], most)...)
		}
	}
	return numbers
}

func (x *pathIndex) startingWith(start string, most int) []int {
	return x.from(start, most, func(p string) bool { return strings.HasPrefix(p, start) })
}

func (x *pathIndex) has(name string) bool {
	_, found := x.search(name)
	return found
}

func (x *pathIndex) equal(name string, most int) []int {
	return x.from(name, most, func(p string) bool { return p == name })
}

// from are the numbers from the first path on that is not before start, as long
// as the paths fit, and no more than most.
func (x *pathIndex) from(start string, most int, fits func(string) bool) []int {
	at, _ := x.search(start)
	var numbers []int
	for ; at < len(x.entries) && len(numbers) < most && fits(x.entries[at].path); at++ {
		numbers = append(numbers, x.entries[at].number)
	}
	return numbers
}

// search is where a path is, or would be.
func (x *pathIndex) search(name string) (at int, found bool) {
	end := len(x.entries)
	for at < end {
		if middle := (at + end) / 2; x.entries[middle].path < name {
			at = middle + 1
		} else {
			end = middle
		}
	}
	return at, at < len(x.entries) && x.entries[at].path == name
}

// first are the first of a list, no more than most.
func first[T any](list []T, most int) []T { return list[:min(len(list), most)] }
