package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// setVariables does what [E=NAME:VALUE] says.
func (r *rewriting) setVariables(flags flags, text expansion) {
	for _, flag := range flags {
		name, value, _ := strings.Cut(strings.TrimSpace(flag), "=")
		if !strings.EqualFold(name, "E") && !strings.EqualFold(name, "env") {
			continue
		}
		r.setVariable(value, text)
	}
}

// setVariable carries out NAME:VALUE or !NAME (add_env_to_list, do_expand_env).
func (r *rewriting) setVariable(assignment string, text expansion) {
	expanded, unknown := text.expand(assignment)
	name, value, hasValue := strings.Cut(expanded, ":")
	if unknown != nil {
		if name, _, hasValue = strings.Cut(assignment, ":"); !hasValue || strings.ContainsAny(name, "%$") {
			r.isUnknown(unknown.By, unknown.Reason)
			return
		}
		r.ownVariables().set(name, expr.Value{Reason: unknown.Reason})
		return
	}
	if unset, ok := strings.CutPrefix(name, "!"); ok && !hasValue {
		r.ownVariables().unset(unset)
		return
	}
	if r.spend(stepsOf(value), text.from) {
		r.ownVariables().set(name, expr.Value{Text: value})
	}
}

// ownVariables are those that the rules leave, which are the request's own from
// the first one on that is set.
func (r *rewriting) ownVariables() environment {
	if !r.ownsEnv {
		r.environment, r.ownsEnv = r.own(), true
	}
	return r.environment
}
