package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Allows tells whether Options has an option for the request (core:
// set_options, merge_core_dir_configs): FollowSymLinks alone by default, "All"
// for all but MultiViews and SymLinksIfOwnerMatch, and + or - for a change of
// what holds outside.
func (set *Settings) Allows(option string) expr.Truth {
	allowed := expr.TruthOf(option == "FollowSymLinks")
	change := func(d *conf.Directive, applies bool) {
		if !d.Is("Options") || set.Server.Httpd.IsNever(d) {
			return
		}
		now := withOptions(allowed, d.Words(), option)
		if now != allowed && !(applies && set.isCertain(d)) {
			now = expr.Unknown
		}
		allowed = now
	}
	if set.Server.Config.Has("Options") {
		for _, level := range set.Server.levels("Options") {
			for _, d := range level {
				change(d, true)
			}
		}
	}
	for layer := range set.outermost("Options") {
		if isCut(layer) {
			allowed = expr.Unknown
		}
		applies, _ := set.Applies(layer)
		for d := range layer.Directives() {
			change(d, applies)
		}
	}
	return allowed
}

// allows is Allows on one branch.
func (set *Settings) allows(option string, assume Assume) bool {
	allowed := expr.TruthOf(option == "FollowSymLinks")
	for _, level := range set.ownSettings("Options", assume) {
		for _, d := range level {
			allowed = withOptions(allowed, d.Words(), option)
		}
	}
	return allowed == expr.True
}

// withOptions is what is left of an option after one Options directive.
func withOptions(allowed expr.Truth, words []string, option string) expr.Truth {
	for i, word := range words {
		name := strings.TrimLeft(word, "+-")
		if name == word && i == 0 {
			allowed = expr.False // a list without signs begins anew
		}
		if strings.EqualFold(name, option) || strings.EqualFold(name, "All") && option != "MultiViews" && option != "SymLinksIfOwnerMatch" {
			allowed = expr.TruthOf(!strings.HasPrefix(word, "-"))
		}
	}
	return allowed
}
