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
	if !set.Pick("AuthMerging").IsNone() || !set.Pick("Satisfy").IsNone() {
		return nil
	}
	for layer := range set.innermost(requirementNames...) {
		denied, decides := set.denialIn(layer)
		if isCut(layer) {
			return nil
		}
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
	for layer := range set.innermost(requirementNames...) {
		if _, decides := set.denialIn(layer); !decides || !set.applies(layer, assume) {
			continue
		}
		required := slices.DeleteFunc(set.requirements(layer), func(d *conf.Directive) bool { return !set.holds(d, assume) })
		if len(required) > 0 {
			return denialOf(required)
		}
	}
	return nil
}

// denialOf is the first of the requirements of one section when no GET meets
// any of them. Those for other methods alone ask nothing of it.
func denialOf(required []*conf.Directive) *conf.Directive {
	required = slices.DeleteFunc(required, func(d *conf.Directive) bool { return !isForGET(d) })
	if len(required) == 0 || slices.ContainsFunc(required, func(d *conf.Directive) bool { return !deniesAll(d) }) {
		return nil
	}
	return required[0]
}

// requirementNames are Require, and its sections.
var requirementNames = []string{"Require", "<RequireAll", "<RequireAny", "<RequireNone"}

// requirements are the Requires of a layer, and its sections of them.
func (set *Settings) requirements(layer conf.Layer) (found []*conf.Directive) {
	lines := 0
	for d := range layer.Children() {
		if lines++; slices.ContainsFunc(requirementNames, d.Is) {
			found = append(found, d)
		}
	}
	set.lookAt(lines)
	return found
}

// isForGET tells whether a directive is for GET too: the names of methods have
// case, and HEAD is one with GET (ap_limit_section).
func isForGET(d *conf.Directive) bool {
	for section := d.Parent; section != nil; section = section.Parent {
		if section.Is("<Limit") || section.Is("<LimitExcept") {
			named := slices.Contains(section.Words(), "GET") || slices.Contains(section.Words(), "HEAD")
			return named == section.Is("<Limit")
		}
	}
	return true
}

func deniesAll(d *conf.Directive) bool { return d.Is("Require") && RequiresAll(d, "denied") }

// IsGranted tells whether any section around what is asked for has a Require, or
// may.
func (set *Settings) IsGranted() bool {
	for layer := range set.outermost(requirementNames...) {
		if _, decides := set.denialIn(layer); decides || isCut(layer) {
			return true
		}
	}
	return false
}

// denialIn tells whether a layer decides who gets in, and by which directive
// nobody does.
func (set *Settings) denialIn(layer conf.Layer) (denied *conf.Directive, decides bool) {
	grants := false
	for _, d := range set.requirements(layer) {
		decides = true
		switch {
		case !set.isCertain(d):
			return nil, true
		case !isForGET(d):
		case !deniesAll(d):
			grants = true
		case denied == nil:
			denied = d
		}
	}
	if grants {
		return nil, true
	}
	return denied, decides
}

// RequiresAll tells whether a Require is "all granted" or "all denied".
func RequiresAll(d *conf.Directive, what string) bool {
	first, rest := conf.Word(d.Args)
	if !strings.EqualFold(first, "all") {
		return false
	}
	second, _ := conf.Word(rest)
	return strings.EqualFold(second, what)
}
