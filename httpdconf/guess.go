package httpdconf

import "strings"

// noteListen remembers that a server of its own is described here: in Scope
// Guess, together with a LoadModule it decides.
func (r *reader) noteListen(name string) {
	if !r.listens && r.open == nil && strings.EqualFold(name, "Listen") {
		r.listens = true
		r.guess()
	}
}

// guess decides that the text is a whole server's. What was left undecided
// before is read again.
func (r *reader) guess() {
	if r.options.Scope != Guess || r.modules.complete || !r.listens || !r.modules.dynamic {
		return
	}
	r.restart = r.undecided
	r.modules.complete = true
}
