package httpdconf

// maxBytes is how much text includes and macros may bring altogether: far more
// than any server has, but an end to files and macros that double each other.
const maxBytes = 4 << 30

// spend takes the bytes of an include or a macro off what may still be read.
func (r *reader) spend(at place, bytes int) bool {
	r.budget -= bytes + minCost
	if r.budget < 0 && !r.stopped {
		r.report(Error, at, "includes and macros bring more text than can be read: they seem to double each other")
		r.stopped = true
	}
	return !r.stopped
}

// minCost is what an include or macro counts for at least.
const minCost = 1 << 10
