package conf

import (
	"iter"
	"slices"
	"strings"
)

// fewSections are looked through for each request: most virtual hosts have no
// more, and to index these would take longer than all that is asked of them.
const fewSections = 8

// sectionIndex are many directory or location sections of one server, of which
// those that name one place are found by it: a server with 10,000 virtual hosts
// may have one for each of them.
type sectionIndex struct {
	all    []*section // in the order that they are merged in
	named  []int32    // numbers of those that name one place, by its path
	others []int32    // numbers of patterns and regular expressions, in their order
}

// newSectionIndex is nil for few sections.
func newSectionIndex(all []*section) *sectionIndex {
	if len(all) <= fewSections {
		return nil
	}
	x := &sectionIndex{all: all}
	for i, s := range all {
		if s.pattern || s.isRegexp() {
			x.others = append(x.others, int32(i))
		} else {
			x.named = append(x.named, int32(i))
		}
	}
	slices.SortStableFunc(x.named, func(a, b int32) int { return strings.Compare(all[a].path, all[b].path) })
	return x
}

// at are the numbers of the sections that name a path, in their order.
func (x *sectionIndex) at(name string) []int32 {
	start, found := slices.BinarySearchFunc(x.named, name, func(i int32, name string) int { return strings.Compare(x.all[i].path, name) })
	if !found {
		return nil
	}
	end := start
	for end < len(x.named) && x.all[x.named[end]].path == name {
		end++
	}
	return x.named[start:end:end]
}

// forFolder appends the directory sections for a folder, which ends with "/" and
// has seg slashes: without regular expressions, which come later.
func (own *sections) forFolder(found []*section, folder string, seg int) []*section {
	name := folder
	if name != "/" {
		name = strings.TrimSuffix(folder, "/")
	}
	if own.byFolder != nil {
		return own.byFolder.forFolder(found, name, folder, seg)
	}
	for _, s := range own.directories {
		if s.pattern && s.matchFolder(folder, seg) || !s.pattern && !s.isRegexp() && s.path == name {
			found = append(found, s)
		}
	}
	return found
}

func (x *sectionIndex) forFolder(found []*section, name, folder string, seg int) []*section {
	numbers := x.at(name)
	for _, i := range x.others {
		if s := x.all[i]; !s.isRegexp() && s.matchFolder(folder, seg) {
			numbers = append(numbers, i)
		}
	}
	return x.inOrder(found, numbers)
}

// patterns are the directory sections with a pattern, in their order.
func (own *sections) patterns() iter.Seq[*section] {
	return func(yield func(*section) bool) {
		if x := own.byFolder; x != nil {
			for _, i := range x.others {
				if s := x.all[i]; !s.isRegexp() && !yield(s) {
					return
				}
			}
			return
		}
		for _, s := range own.directories {
			if s.pattern && !s.isRegexp() && !yield(s) {
				return
			}
		}
	}
}

// forURI are the location sections that are for a URL, or may be.
func (own *sections) forURI(uri string) []*section {
	x := own.byURI
	if x == nil {
		return own.locations
	}
	numbers := slices.Clip(x.others)
	for end := 0; end <= len(uri) && len(x.named) > 0; end++ {
		if end == 0 || end == len(uri) || uri[end-1] == '/' || uri[end] == '/' {
			numbers = append(numbers, x.at(uri[:end])...)
		}
	}
	return x.inOrder(nil, numbers)
}

// tried is how many sections are held against each folder or URI, of all that
// there are: those that are not found by their names. The index may be nil.
func (x *sectionIndex) tried(all []*section) int {
	if x == nil {
		return len(all)
	}
	return len(x.others)
}

// inOrder appends the sections with these numbers in their order.
func (x *sectionIndex) inOrder(found []*section, numbers []int32) []*section {
	if !slices.IsSorted(numbers) {
		numbers = slices.Clone(numbers)
		slices.Sort(numbers)
	}
	for _, i := range numbers {
		found = append(found, x.all[i])
	}
	return found
}
