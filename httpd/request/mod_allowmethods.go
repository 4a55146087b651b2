package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// refusedMethod is the AllowMethods that refuses a GET, or nil. Those of the innermost
// section that has any count, and add up there (am_merge_conf, am_allowmethods).
func (r located) refusedMethod() *conf.Directive {
	set := r.Settings
	if !set.hasHtaccess && !set.Server.Config.Has("AllowMethods") {
		return nil
	}
	isAllow := func(d *conf.Directive) bool { return d.Is("AllowMethods") }
	for layer := range set.innermost("AllowMethods") {
		own := set.alikeIn(layer, isAllow)
		if len(own) == 0 || !set.applies(layer, r.assume) {
			continue
		}
		own = slices.DeleteFunc(own, func(d *conf.Directive) bool { return !set.holds(d, r.assume) })
		if len(own) > 0 {
			return refusesGET(own)
		}
	}
	return nil
}

// refusesGET is the last of several that together leave GET out, or nil: "reset" alone
// forgets those before it, and nothing is refused where none follows. HEAD is one with
// GET (ap_method_registry_init), and the names have case.
func refusesGET(all []*conf.Directive) (refuses *conf.Directive) {
	allowed := false
	for _, d := range all {
		switch words := d.Words(); {
		case len(words) == 1 && strings.EqualFold(words[0], "reset"):
			refuses, allowed = nil, false
		default:
			refuses = d
			allowed = allowed || slices.Contains(words, "GET") || slices.Contains(words, "HEAD")
		}
	}
	if allowed {
		return nil
	}
	return refuses
}
