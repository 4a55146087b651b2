package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// ofCompat are the directives of mod_access_compat.
var ofCompat = []string{"Order", "Allow", "Deny", "Satisfy"}

// compat are the directives of mod_access_compat that count: those of the innermost
// section that has any. What stands outside of it counts no more, whichever of them
// that is, since the module merges nothing.
func (r located) compat() []*conf.Directive {
	set := r.Settings
	if !set.hasHtaccess && !slices.ContainsFunc(ofCompat, set.Server.Config.Has) {
		return nil // as in most configurations
	}
	for layer := range set.innermost(ofCompat...) {
		own := slices.Collect(layer.Directives())
		set.lookAt(len(own))
		own = slices.DeleteFunc(own, func(d *conf.Directive) bool { return !isOneOf(d, ofCompat) })
		if len(own) == 0 || !set.applies(layer, r.assume) {
			continue
		}
		own = slices.DeleteFunc(own, func(d *conf.Directive) bool { return !set.holds(d, r.assume) })
		if len(own) > 0 {
			return own
		}
	}
	return nil
}

// deniedByCompat is the directive that keeps everybody out, wherever he comes from,
// or nil (check_dir_access).
func (r located) deniedByCompat(compat []*conf.Directive) *conf.Directive {
	var order *conf.Directive
	var allows, denies []*conf.Directive
	for _, d := range compat {
		switch {
		case !isForGET(d):
		case d.Is("Order"):
			order = d
		case d.Is("Allow"):
			allows = append(allows, d)
		case d.Is("Deny"):
			denies = append(denies, d)
		}
	}
	isOrder := func(text string) bool { return order != nil && strings.EqualFold(order.Word(0), text) }
	allowed, denied := r.lets(allows, true), r.lets(denies, false)
	switch {
	case !isOrder("allow,deny") && !isOrder("mutual-failure"):
		if denied != nil && allowed == nil {
			return denied
		}
	case denied != nil:
		return denied
	case allowed == nil:
		return order
	}
	return nil
}

// lets is the first Allow or Deny that is for a request, or nil. Those for addresses
// let in who comes from there, and are not about anybody else.
func (r located) lets(list []*conf.Directive, addresses bool) *conf.Directive {
	for _, d := range list {
		for _, from := range afterFirst(d.Words()) {
			name, isVariable := cutPrefixFold(from, "env=")
			name, isNegated := strings.CutPrefix(name, "!")
			switch {
			case isVariable && r.isSet(name, d) != isNegated, strings.EqualFold(from, "all"), !isVariable && addresses:
				return d
			}
		}
	}
	return nil
}

// isSet tells whether the request has a variable on this branch.
func (r located) isSet(name string, by *conf.Directive) bool {
	value, ok := r.environment.lookUp(name)
	if value.Reason != nil {
		return r.assume(Doubt{By: by, Reason: value.Reason})
	}
	return ok
}

func cutPrefixFold(text, prefix string) (rest string, ok bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return text, false
	}
	return text[len(prefix):], true
}

// isSatisfiedByAny tells whether an address that is let in needs no Require.
func isSatisfiedByAny(compat []*conf.Directive) bool {
	any := false
	for _, d := range compat {
		if d.Is("Satisfy") && isForGET(d) {
			any = strings.EqualFold(d.Word(0), "any")
		}
	}
	return any
}
