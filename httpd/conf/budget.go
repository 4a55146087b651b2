package conf

import "fmt"

// What one configuration may come to. What is read may be anybody's, and httpd
// itself goes on until the memory of the host is used up. One with 50,000
// virtual hosts is 55 MB in 1.9 million lines.
const (
	// MaxText is how many bytes all files of one configuration may hold.
	MaxText = 256 << 20
	// maxLines is how many lines they may have.
	maxLines = 8 << 20
	// maxNesting is how deep sections and conditions, and macros that use each
	// other, may stand in each other: as deep as httpd lets files include each
	// other.
	maxNesting = maxIncludeDepth

	// Macros, variables, files that are included again and diagnostics may add
	// freeGrowth bytes to what is written, growthRatio bytes for each one that
	// is, and no more than maxGrowth. A macro that makes each of 50,000 virtual
	// hosts adds 200 MB, and is used in 1 MB.
	freeGrowth  = 64 << 20
	growthRatio = 400
	maxGrowth   = 512 << 20
)

// What is added counts as much as it takes to hold it, at the least.
const (
	linkCost       = 512     // of an Include or Use
	folderCost     = 4 << 10 // of a folder that is looked through, for the time that it takes
	diagnosticCost = 256
	lineCost       = 104 // of a line that a macro or a file brings again: a Directive
	entryCost      = 64  // of an entry of one
)

// budget is what a configuration has come to so far.
type budget struct {
	written int // bytes of the files, each once
	grown   int // bytes beside those
	free    int // freeGrowth
}

// left is how many bytes may still be added.
func (b *budget) left() int {
	return min(b.free+b.written*growthRatio, maxGrowth) - b.grown
}

// grow notes that bytes are added by what, and tells whether reading goes on.
func (r *reader) grow(at place, bytes int, what, name string) bool {
	if bytes > r.budget.left() {
		r.stopGrowing(at, what, name)
		return false
	}
	r.budget.grown += bytes
	return true
}

func (r *reader) stopGrowing(at place, what, name string) {
	limit := r.budget.left() + r.budget.grown
	r.stop(at, fmt.Sprintf("%s %.200s goes beyond the %d MiB that macros, variables, repeated includes and diagnostics may add to what is written; "+
		"wsgictl reads nothing after this line: let fewer of them multiply each other", what, name, limit>>20))
}

// nest notes that a section or condition is opened, and tells whether reading
// goes on.
func (r *reader) nest(at place) bool {
	if r.nested == maxNesting {
		r.stop(at, fmt.Sprintf("sections and conditions stand more than %d deep in each other; wsgictl reads nothing after this line: "+
			"close those that should have ended before", maxNesting))
		return false
	}
	r.nested++
	return true
}

// stop ends the reading with an error that is told of templates as well.
func (r *reader) stop(at place, message string) {
	if !r.stopped {
		r.stopped = true
		r.diagnose(Error, at, message)
	}
}
