package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Doubt is something that decides about a request and is not known.
type Doubt struct {
	By     *conf.Directive // that depends on it; nil for none
	Reason string          // what is not known, for people

	condition string // of the text, without its "!": the same wherever it stands
	negated   bool   // whether it does not hold is asked
	likely    bool   // how it is taken where only one branch is asked for
}

// Assume decides a doubt: which branch is followed.
type Assume func(Doubt) bool

// Certainly takes what is not known for false.
func Certainly(Doubt) bool { return false }

// Likely takes what is not known for what it mostly is.
func Likely(d Doubt) bool { return d.likely }

// holds tells whether a condition holds, given another one, for a directive that
// stands in it.
func (h *Httpd) holds(c, given *conf.Condition, by *conf.Directive, assume Assume) bool {
	for c = h.Undecided(c, given); c != nil; c = h.Undecided(c.Outer, given) {
		if holds, presumed := h.module.presumes(c); presumed && !holds {
			return false
		}
		doubt := Doubt{By: by, Reason: c.Reason, condition: strings.ToLower(c.Kind) + " " + c.Subject, negated: c.Negated, likely: true}
		if !assume(doubt) {
			return false
		}
	}
	return true
}
