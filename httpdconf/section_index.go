package httpdconf

import (
	"cmp"
	"slices"
	"strings"
)

// sectionIndex are directory or location sections of one server, of which those
// that name one place are found by it: a server with 10,000 virtual hosts may
// have one for each of them.
type sectionIndex struct {
	all     []*section            // in the order that they are merged in
	order   map[*section]int      // in it
	plain   map[string][]*section // by path
	lengths map[int]bool          // of these paths
	others  []*section            // patterns and regular expressions
}

func newSectionIndex(all []*section) sectionIndex {
	x := sectionIndex{all: all}
	if len(all) == 0 {
		return x
	}
	x.order, x.plain, x.lengths = make(map[*section]int, len(all)), map[string][]*section{}, map[int]bool{}
	for i, s := range all {
		x.order[s] = i
		if s.pattern || s.isRegexp() {
			x.others = append(x.others, s)
			continue
		}
		x.plain[s.path] = append(x.plain[s.path], s)
		x.lengths[len(s.path)] = true
	}
	return x
}

// forFolder are the directory sections for a folder, which ends with "/" and
// has seg slashes: without regular expressions, which come later.
func (x *sectionIndex) forFolder(folder string, seg int) []*section {
	name := folder
	if name != "/" {
		name = strings.TrimSuffix(folder, "/")
	}
	found := x.plain[name]
	for _, s := range x.others {
		if !s.isRegexp() && s.matchFolder(folder, seg) {
			found = append(found[:len(found):len(found)], s)
		}
	}
	return x.inOrder(found)
}

// forURI are the location sections that are for a URL, or may be.
func (x *sectionIndex) forURI(uri string) []*section {
	found := x.others
	for end := 0; end <= len(uri) && len(x.plain) > 0; end++ {
		if x.lengths[end] && (end == 0 || end == len(uri) || uri[end-1] == '/' || uri[end] == '/') {
			found = append(found[:len(found):len(found)], x.plain[uri[:end]]...)
		}
	}
	return x.inOrder(found)
}

// inOrder puts sections in the order that they are merged in.
func (x *sectionIndex) inOrder(found []*section) []*section {
	byOrder := func(a, b *section) int { return cmp.Compare(x.order[a], x.order[b]) }
	if slices.IsSortedFunc(found, byOrder) {
		return found
	}
	found = slices.Clone(found)
	slices.SortFunc(found, byOrder)
	return found
}
