package request

// FollowSample tells of a sample on each branch, as Follow does, with the handler that it
// likely has. Translated is the one that the translation of its URI gave, or "".
func (set *Settings) FollowSample(translated string, tell func(*Handled)) Branches {
	var found Branches
	handler, branches := set.Handler(translated, Likely), [][]bool{nil}
	for n := 0; len(branches) > 0 && n < maxBranches; n++ {
		b := branch{answers: branches[0]}
		assume := func(d Doubt) bool { return b.assume(set.Request.URI, d) }
		tell(&Handled{Settings: set, Handler: handler, fixing: set, environment: set.others.environment, assume: assume})
		branches = append(branches[1:], b.others()...)
		found.add(&b)
	}
	found.Open = found.Open || len(branches) > 0
	return found
}
