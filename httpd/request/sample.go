package request

import (
	"cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// FollowSample tells of a sample on each branch, as Follow does, with the handler that it
// likely has. Translated is the one that the translation of its URI gave, or "".
func (set *Settings) FollowSample(translated string, tell func(*Handled)) Branches {
	var found Branches
	handler, branches := set.Handler(translated, Likely), [][]bool{nil}
	for n := 0; len(branches) > 0 && n < maxBranches; n++ {
		b := &branch{answers: branches[0]}
		assume := func(d Doubt) bool { return b.assume(set.Request.URI, d) }
		tell(&Handled{Settings: set, Handler: handler, fixing: set, environment: set.others.environment, assume: assume, branch: b})
		branches = append(branches[1:], b.others()...)
		found.add(b)
	}
	found.Open = found.Open || len(branches) > 0
	return found
}

// Chosen are the sections that are taken to apply on this branch of a sample, although
// each request decides whether they do: those that were asked so far, in that order.
// The doubt is the first one of another kind, nil for none.
func (h *Handled) Chosen() (sections []*conf.Directive, other *Doubt) {
	for i, d := range h.branch.doubts {
		switch {
		case !d.isOfSection():
			other = cmp.Or(other, &h.branch.doubts[i])
		case h.branch.decided[i]:
			sections = append(sections, d.By)
		}
	}
	return sections, other
}

// isOfSection tells whether it is the request that decides, and by whether a section
// applies.
func (d Doubt) isOfSection() bool {
	return d.By != nil && d.By.IsSection() && d.Condition == nil && !conf.HasMark(d.By.Args)
}
