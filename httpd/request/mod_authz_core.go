package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// DeniedBy is the "Require all denied" that keeps everybody from what is asked
// for, nil where none does for certain: the innermost section with any Require
// is the one that counts (mod_authz_core, AuthMerging Off).
func (set *Settings) DeniedBy() *conf.Directive {
	if len(set.Pick("AuthMerging").Candidates) > 0 || len(set.Pick("Satisfy").Candidates) > 0 {
		return nil
	}
	for layer := range set.innermost() {
		denied, decides := set.denialIn(layer)
		if !decides {
			continue
		}
		if certain, _ := set.Applies(layer); certain {
			return denied
		}
		return nil
	}
	return nil
}

// denied is DeniedBy on one branch. Of several Require in one section one is
// enough to get in.
func (set *Settings) denied(assume Assume) *conf.Directive {
	if set.setting("AuthMerging", assume) != nil || set.setting("Satisfy", assume) != nil {
		return nil
	}
	for layer := range set.innermost() {
		if _, decides := set.denialIn(layer); !decides || !set.applies(layer, assume) {
			continue
		}
		required := slices.DeleteFunc(slices.Collect(layer.Directives()), func(d *conf.Directive) bool { return !d.Is("Require") || !set.holds(d, assume) })
		switch {
		case hasRequireSection(layer):
			return nil
		case len(required) == 0:
			continue
		case slices.ContainsFunc(required, func(d *conf.Directive) bool { return !RequiresAll(d, "denied") }):
			return nil
		}
		return required[0]
	}
	return nil
}

// hasRequireSection tells whether a layer has sections of Requires.
func hasRequireSection(layer conf.Layer) bool {
	if layer.Section == nil {
		return false
	}
	for d := range layer.Section.Children() {
		if d.Is("<RequireAll") || d.Is("<RequireAny") || d.Is("<RequireNone") {
			return true
		}
	}
	return false
}

// IsGranted tells whether any section around what is asked for has a Require.
func (set *Settings) IsGranted() bool {
	for layer := range set.outermost() {
		if _, decides := set.denialIn(layer); decides {
			return true
		}
	}
	return false
}

// denialIn tells whether a layer decides who gets in, and by which directive
// nobody does.
func (set *Settings) denialIn(layer conf.Layer) (denied *conf.Directive, decides bool) {
	if hasRequireSection(layer) {
		return nil, true
	}
	for d := range layer.Directives() {
		switch {
		case !d.Is("Require"):
		case !RequiresAll(d, "denied") || set.Undecided(d.Unknown) != nil:
			return nil, true
		default:
			denied = d
		}
	}
	return denied, denied != nil
}

// RequiresAll tells whether a Require is "all granted" or "all denied".
func RequiresAll(d *conf.Directive, what string) bool {
	return strings.EqualFold(d.Word(0), "all") && strings.EqualFold(d.Word(1), what)
}
