package request

import (
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// ofEnv are the directives of mod_env.
var ofEnv = []string{"SetEnv", "UnsetEnv", "PassEnv"}

func isEnv(d *conf.Directive) bool { return isOneOf(d, ofEnv) }

// setEnv puts the variables of mod_env behind those that the request has already
// (fixup_env_module).
func (r located) setEnv() located {
	set := r.Settings
	if !set.hasHtaccess && !slices.ContainsFunc(ofEnv, set.Server.Config.Has) {
		return r
	}
	found := environment{}.own()
	for _, level := range set.Server.levels(ofEnv...) {
		for _, d := range level {
			if isEnv(d) {
				r.carryOutEnv(found, d, nil)
			}
		}
	}
	for layer := range set.outermost(ofEnv...) {
		own := set.alikeIn(layer, isEnv)
		if len(own) == 0 {
			continue
		}
		_, doubt := set.Applies(layer)
		for _, d := range own {
			r.carryOutEnv(found, d, doubt)
		}
	}
	r.spend(len(found.variables), nil)
	r.environment = r.over(found)
	return r
}

// carryOutEnv carries out one directive of mod_env, what is around which may be in
// doubt: the variables are not known then.
func (r located) carryOutEnv(found environment, d *conf.Directive, doubt expr.Reason) {
	if r.server.Httpd.IsNever(d) {
		return
	}
	if unknown := r.Settings.Doubt(d); unknown != nil && doubt == nil {
		doubt = unknown.Reason
	}
	names := d.Words()
	if d.Is("SetEnv") {
		names = names[:min(1, len(names))]
	}
	for _, name := range names {
		value, isSet := expr.Value{Text: d.Word(1)}, d.Is("SetEnv")
		if d.Is("PassEnv") {
			value, isSet = r.server.Httpd.processVariable(name)
			isSet = isSet || value.Reason != nil
		}
		switch {
		case doubt != nil:
			found.set(name, expr.Value{Reason: doubt})
		case isSet:
			found.set(name, value)
		case d.Is("UnsetEnv"):
			found.unset(name)
		}
	}
}

// Variable is the value of an environment variable of the request, as SetEnv,
// SetEnvIf and rewrite rules leave it, else that of httpd's own process. set is
// false where nothing sets it, or that is not known.
func (h *Handled) Variable(name string) (value expr.Value, set bool) {
	if value, ok := h.environment.lookUp(name); ok {
		return value, value.Reason == nil
	}
	return h.Settings.Server.Httpd.processVariable(name)
}

// processVariable is a variable of httpd's own process. What PassEnv names is in
// it, although nothing here may tell its value.
func (h *Httpd) processVariable(name string) (value expr.Value, set bool) {
	if text, set := h.Config.Environment()[name]; set {
		return expr.Value{Text: text}, true
	}
	for d := range h.Config.Named("PassEnv") {
		if slices.Contains(d.Words(), name) {
			return notKnown(ProcessVariable, name), false
		}
	}
	return expr.Value{}, false
}
