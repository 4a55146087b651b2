package request

import (
	"cmp"
	"strings"
)

// forced are the handler and the content type that rules give a file, whatever
// else is said of it: those of the last rule that gives any.
type forced struct{ handler, contentType Handler }

// force notes what [H=…] and [T=…] give (force_type_handler).
func (r *rewriting) force(rule *rule, text expansion) {
	if name := strings.ToLower(text.certain(rule.flags.value("H", "handler"))); name != "" {
		r.forced.handler = Handler{Name: name, By: rule.Directive}
	}
	if name := strings.ToLower(text.certain(rule.flags.value("T", "type"))); name != "" {
		r.forced.contentType = Handler{Name: name, By: rule.Directive, isType: true}
	}
}

// or is what is forced here, or else in other.
func (f forced) or(other forced) forced {
	return forced{cmp.Or(f.handler, other.handler), cmp.Or(f.contentType, other.contentType)}
}

// typeOver is the handler of a file that would have that one: a content type
// stands back behind a handler (hook_mimetype, ap_invoke_handler).
func (f forced) typeOver(h Handler) Handler {
	if f.contentType.Name != "" && (h.Name == "" || h.isType) {
		return f.contentType
	}
	return h
}
