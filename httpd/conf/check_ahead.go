package conf

import "sync"

// checksAhead are checks of what stands outside of sections, and of all inside it,
// that run while the lines after it are read. Reading takes one processor, and of a
// single file nobody needs the other one then: with 10,000 virtual hosts it takes a
// fifteenth off the time of an audit.
//
// They know nothing of what is still to come: what they find wrong is checked again
// at the end. What they find right stays right, as long as no module is loaded.
type checksAhead struct {
	running sync.WaitGroup
	parts   []*partAhead
	next    int // the first directive of Config.top that is in no part
}

// partAhead is a part of Config.top.
type partAhead struct {
	from, to int
	changes  int // of the modules, when it was checked
	isRight  bool
}

// checkAhead begins to check what is read so far, where that is enough for a part.
// The last directive may still be open.
func (r *reader) checkAhead() {
	a := r.ahead
	last := len(r.config.top) - 1
	if a == nil || last-a.next < partSize {
		return
	}
	part := &partAhead{from: a.next, to: last, changes: r.modules.changes}
	a.parts, a.next = append(a.parts, part), last
	checker := *r // without what the lines that follow change
	checker.config = &Config{release: r.config.release, regexps: r.config.regexps}
	checker.mayHoldMore = nil
	directives := r.config.top[part.from:part.to]
	a.running.Go(func() {
		for _, d := range directives {
			if len(checker.checkTree(d)) > 0 {
				return
			}
		}
		part.isRight = true
	})
}

// stop waits until nothing is checked, so that modules can be loaded. What was not
// checked by then is checked at the end.
func (a *checksAhead) stop(r *reader) {
	a.running.Wait()
	a.next = len(r.config.top)
}

// rightAhead tells of each directive of Config.top whether it was found right with
// the modules that are loaded now.
func (r *reader) rightAhead() []bool {
	right := make([]bool, len(r.config.top))
	if r.ahead == nil {
		return right
	}
	r.ahead.running.Wait()
	for _, part := range r.ahead.parts {
		if part.isRight && part.changes == r.modules.changes {
			for i := part.from; i < part.to; i++ {
				right[i] = true
			}
		}
	}
	return right
}
