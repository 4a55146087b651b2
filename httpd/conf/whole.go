package conf

import (
	"slices"
	"strings"
)

// noteListen remembers that a server of its own is described here: in Scope
// ByContent, together with the modules that no server is without it decides.
func (r *reader) noteListen(name string) {
	if !r.listens && r.open == nil && strings.EqualFold(name, "Listen") {
		r.listens = true
		r.takeForWhole()
	}
}

// noteModule remembers that a module is loaded without which no server serves
// anything: an MPM, or one that a server is not started or asked without. A
// part of a configuration may well load a module of its own, and have a Listen.
func (r *reader) noteModule(identifier string) {
	switch {
	case isMPM(identifier), identifier == "unixd_module", identifier == "authz_core_module":
		r.modules.basic = true
		r.takeForWhole()
	}
}

// takeForWhole decides that the text is a whole server's. What was left undecided
// before is read again.
func (r *reader) takeForWhole() {
	if r.options.Scope != ByContent || r.modules.complete || !r.listens || !r.modules.basic {
		return
	}
	r.restart = r.undecided
	r.modules.becomeComplete()
}

// builtInHere are the modules that are compiled into the httpd of the text: those
// of this host's httpd. None are given where nothing depends on them, and where
// they are not known. A text that loads one of them itself is for an httpd that was
// built otherwise, and loads all of its modules.
func (r *reader) builtInHere() []string {
	if !r.undecided || !r.modules.complete || r.options.Scope != ByContent || r.options.BuiltIn == nil ||
		r.options.Root != "" || r.config.IsOfAnotherHost() {
		return nil
	}
	builtIn := r.options.BuiltIn()
	for _, name := range builtIn {
		identifier := r.modules.identifier(name)
		if slices.ContainsFunc(r.config.Loads, func(d *Directive) bool {
			return d.Word(0) == identifier || isMPM(identifier) && isMPM(d.Word(0))
		}) {
			return everyServer
		}
	}
	return builtIn
}
