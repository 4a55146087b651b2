package httpdconf

import "strings"

// noteListen remembers that a server of its own is described here: in Scope
// Guess, together with the modules that no server is without it decides.
func (r *reader) noteListen(name string) {
	if !r.listens && r.open == nil && strings.EqualFold(name, "Listen") {
		r.listens = true
		r.guess()
	}
}

// noteModule remembers that a module is loaded without which no server serves
// anything: an MPM, or one that a server is not started or asked without. A
// part of a configuration may well load a module of its own, and have a Listen.
func (r *reader) noteModule(identifier string) {
	switch {
	case strings.HasPrefix(identifier, "mpm_"), identifier == "unixd_module", identifier == "authz_core_module":
		r.modules.basic = true
		r.guess()
	}
}

// guess decides that the text is a whole server's. What was left undecided
// before is read again.
func (r *reader) guess() {
	if r.options.Scope != Guess || r.modules.complete || !r.listens || !r.modules.basic {
		return
	}
	r.restart = r.undecided
	r.modules.complete = true
}
