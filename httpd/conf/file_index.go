package conf

import (
	"sync"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// fileIndex are many files sections of one server or section. Those that name one file
// are found by it. Which of the patterns match a name is worked out once: most scripts
// are called the same.
type fileIndex struct {
	*sectionIndex

	cost    int // of holding all patterns against a short name
	mu      sync.Mutex
	matched map[string][]int32 // numbers of the patterns that match a name, or may
	kept    int                // of these numbers and names
}

// mostKept is how much is remembered of all names together.
const mostKept = 1 << 20

// newFileIndex is nil for few sections.
func newFileIndex(all []*section) *fileIndex {
	index := newSectionIndex(all)
	if index == nil {
		return nil
	}
	x := &fileIndex{sectionIndex: index, matched: map[string][]int32{}}
	for _, i := range index.others {
		x.cost += all[i].steps()
	}
	return x
}

// costOf is what it takes to hold all patterns against a name, whether or not that was
// done before: nothing may depend on the order of requests.
func (x *fileIndex) costOf(name string) int { return x.cost * stepsOf(name) }

// forFile are the sections that are for a name, or may be, in their order.
func (x *fileIndex) forFile(name string) []*section {
	return x.inOrder(nil, append(x.at(name), x.matching(name)...))
}

// matching are the numbers of the patterns that match a name, or may.
func (x *fileIndex) matching(name string) []int32 {
	x.mu.Lock()
	defer x.mu.Unlock()
	numbers, ok := x.matched[name]
	if ok {
		return numbers
	}
	for _, i := range x.others {
		if holds, _ := x.all[i].matchFile(name); holds != expr.False {
			numbers = append(numbers, i)
		}
	}
	if x.kept += 1 + len(numbers); x.kept <= mostKept {
		x.matched[name] = numbers
	}
	return numbers
}
