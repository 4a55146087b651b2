package conf

import (
	"slices"
	"strings"
)

// sectionIndex are directory or location sections of one server, of which those
// that name one place are found by it: a server with 10,000 virtual hosts may
// have one for each of them. It is small, since each of these hosts has one too.
type sectionIndex struct {
	all    []*section // in the order that they are merged in
	named  []int32    // numbers of those that name one place, by its path
	others []int32    // numbers of patterns and regular expressions, in their order
}

func newSectionIndex(all []*section) sectionIndex {
	x := sectionIndex{all: all}
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

// forFolder are the numbers of the directory sections for a folder, which ends
// with "/" and has seg slashes: without regular expressions, which come later.
func (x *sectionIndex) forFolder(folder string, seg int) []int32 {
	name := folder
	if name != "/" {
		name = strings.TrimSuffix(folder, "/")
	}
	found := x.at(name)
	for _, i := range x.others {
		if s := x.all[i]; !s.isRegexp() && s.matchFolder(folder, seg) {
			found = append(found, i)
		}
	}
	return inOrder(found)
}

// forURI are the numbers of the location sections that are for a URL, or may be.
func (x *sectionIndex) forURI(uri string) []int32 {
	found := slices.Clip(x.others)
	for end := 0; end <= len(uri) && len(x.named) > 0; end++ {
		if end == 0 || end == len(uri) || uri[end-1] == '/' || uri[end] == '/' {
			found = append(found, x.at(uri[:end])...)
		}
	}
	return inOrder(found)
}

// inOrder puts numbers in their order, and leaves the list that was given.
func inOrder(numbers []int32) []int32 {
	if slices.IsSorted(numbers) {
		return numbers
	}
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	return numbers
}
