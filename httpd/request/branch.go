package request

import (
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// branch follows a client's request once, with each doubt that it meets decided one
// way. It is the one thing that is written to on the way: it notes what was met,
// and counts the steps.
type branch struct {
	server *Server
	client Client
	steps  int // that were taken on this branch and those before it

	answers []bool            // to the first doubts; those after them are taken for what is likely
	doubts  []Doubt           // met so far, in their order
	decided []bool            // how each of them was
	met     map[doubtKey]bool // the same
	unknown *Doubt            // a text that went into what follows and is not known

	asksForUser bool // somewhere on the way
}

// doubtKey is what two doubts have in common that are about the same.
type doubtKey struct {
	uri    string
	reason expr.Reason
	by     *conf.Directive
}

// keyOf makes a condition of the text one doubt for the whole request. All else
// may be another thing for another URI.
func keyOf(uri string, d Doubt) doubtKey {
	if c := d.Condition; c != nil {
		return doubtKey{reason: c.Reason}
	}
	return doubtKey{uri, d.Reason, d.By}
}

// assume decides a doubt that is met at a URI, the same way each time.
func (b *branch) assume(uri string, d Doubt) bool {
	if d.isOpen {
		b.isUnknown(d.By, d.Reason)
		return false
	}
	key := keyOf(uri, d)
	holds, known := b.met[key]
	if !known {
		holds = d.likely
		if n := len(b.doubts); n < len(b.answers) {
			holds = b.answers[n]
		} else if d.isNegated() {
			holds = !d.likely
		}
		if b.met == nil {
			b.met = map[doubtKey]bool{}
		}
		b.met[key] = holds
		b.doubts, b.decided = append(b.doubts, d), append(b.decided, holds)
	}
	return holds != d.isNegated()
}

// isUnknown notes that a text which goes into what follows is not known, so
// that no branch tells what becomes of the request.
func (b *branch) isUnknown(by *conf.Directive, reason expr.Reason) {
	if b.unknown == nil {
		b.unknown = &Doubt{By: by, Reason: reason}
	}
}

// others are the branches that this one leaves: for each doubt that it was the
// first to meet, the one where that is decided the other way. There are no more
// of them than are ever followed.
func (b *branch) others() [][]bool {
	var branches [][]bool
	for i := len(b.answers); i < len(b.decided) && len(branches) < maxBranches; i++ {
		branches = append(branches, append(slices.Clone(b.decided[:i]), !b.decided[i]))
	}
	return branches
}
