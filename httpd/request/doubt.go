package request

import (
	"iter"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Doubt is something that decides and is not known: about a request, or about
// whether a directive is in effect at all.
type Doubt struct {
	By        *conf.Directive // that depends on it; nil for none
	Reason    expr.Reason     // what is not known
	Condition *conf.Condition // of the text, around By; nil where it is about the request

	likely bool // how it is taken where only one branch is asked for
	isOpen bool // no branch tells what follows: neither that it holds nor that it does not
}

// Assume decides a doubt: which branch is followed.
type Assume func(Doubt) bool

// Certainly takes what is not known for false.
func Certainly(Doubt) bool { return false }

// Likely takes what is not known for what it mostly is.
func Likely(d Doubt) bool { return d.likely }

// isNegated tells whether it is asked whether what the condition asks for is not
// there.
func (d Doubt) isNegated() bool { return d.Condition != nil && d.Condition.Negated }

// Doubts are the conditions around a directive that are not known to hold, given
// another one, the innermost first. There are none where it is in effect for
// certain.
func (h *Httpd) Doubts(d *conf.Directive, given *conf.Condition) iter.Seq[Doubt] {
	return func(yield func(Doubt) bool) {
		for c := h.undecided(d.Unknown, given); c != nil; c = h.undecided(c.Outer, given) {
			if !yield(Doubt{By: d, Reason: c.Reason, Condition: c, likely: true}) {
				return
			}
		}
	}
}

// IsCertain tells whether a directive is in effect for certain, given a condition.
func (h *Httpd) IsCertain(d *conf.Directive, given *conf.Condition) bool {
	return h.undecided(d.Unknown, given) == nil
}

// IsNever tells whether a directive is left out although the text alone does not
// decide it: in <IfModule !NAME> of the module.
func (h *Httpd) IsNever(d *conf.Directive) bool {
	for c := d.Unknown; c != nil; c = c.Outer {
		if h.module.isAgainst(c) {
			return true
		}
	}
	return false
}

// holds tells whether a directive is in effect, given a condition.
func (h *Httpd) holds(d *conf.Directive, given *conf.Condition, assume Assume) bool {
	for doubt := range h.Doubts(d, given) {
		if h.module.isAgainst(doubt.Condition) || !assume(doubt) {
			return false
		}
	}
	return true
}

// undecided is the innermost condition of c that is not known to hold, given
// another one. It is nil where nothing stands in doubt.
func (h *Httpd) undecided(c, given *conf.Condition) *conf.Condition {
	for ; c != nil; c = c.Outer {
		if holds, presumed := h.module.presumes(c); !(presumed && holds) && !encloses(c, given) {
			return c
		}
	}
	return nil
}

func encloses(c, inner *conf.Condition) bool {
	for ; inner != nil; inner = inner.Outer {
		if inner == c {
			return true
		}
	}
	return false
}
