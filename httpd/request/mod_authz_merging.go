package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// requirement is what the Requires of a section say on one branch, or of several that
// count together (authz_core_dir_conf).
type requirement struct {
	merging string          // the word of AuthMerging, in lower case; "" for none
	by      *conf.Directive // the first Require; nil where there is none
	limited bool            // some are for GET
	says    authorization
}

// merged is what counts of all sections. Those of one kind are merged with each other
// first, and then with those of the kinds before.
func (r located) merged() requirement {
	all, alike, last := requirement{says: granted}, requirement{}, noWalk
	for layer := range r.Settings.outermost(append(slices.Clip(requirementNames), "AuthMerging")...) {
		next := r.requirementIn(layer)
		if next.by == nil && next.merging == "" || !r.Settings.applies(layer, r.assume) {
			continue
		}
		if walk := walkOf(layer); walk != last {
			all, alike, last = all.with(alike), requirement{}, walk
		}
		alike = alike.with(next)
	}
	return all.with(alike)
}

// requirementIn is what a single section says.
func (r located) requirementIn(layer conf.Layer) requirement {
	set, own := r.Settings, requirement{says: granted}
	for _, d := range set.alikeIn(layer, func(d *conf.Directive) bool { return d.Is("AuthMerging") }) {
		if set.holds(d, r.assume) {
			own.merging = strings.ToLower(d.Word(0))
		}
	}
	required := slices.DeleteFunc(set.requirements(layer.Children()), func(d *conf.Directive) bool { return !set.holds(d, r.assume) })
	if len(required) == 0 {
		return own
	}
	own.by, own.limited = required[0], slices.ContainsFunc(required, set.isLimitedToGET)
	if own.limited {
		own.says = r.anyOf(required, granted)
	}
	return own
}

// with is the requirement with that of a section inside of it
// (merge_authz_core_dir_config).
func (q requirement) with(inner requirement) requirement {
	switch {
	case inner.merging == "" && inner.by == nil:
		return q
	case inner.merging == "" || inner.merging == "off" || q.by == nil:
		return inner
	case inner.by == nil:
		q.merging = inner.merging
		return q
	}
	inner.limited = inner.limited || q.limited
	switch least := min(q.says, inner.says); {
	case !inner.limited:
		inner.says = granted
	case inner.merging == "or" || least == neutral:
		inner.says = max(q.says, inner.says)
	default:
		inner.says = least
	}
	return inner
}
