package request

import "github.com/wsgictl/wsgictl/httpd/conf"

// Outcome is what becomes of a client's request.
type Outcome struct {
	// Handled is the request as the module's handler gets it; nil where
	// something else answers.
	Handled *Handled
	By      *conf.Directive // the redirect, rule or proxy that took it, or nil
	Refusal                 // what answers else; a status of 0 is not known
}

// Branches is what is known of all branches of a request after they were followed.
type Branches struct {
	// Doubt is what is not known, nil where all is. Where Open is set the
	// branches are not all that there may be.
	Doubt *Doubt
	Open  bool
	// AsksForUser is set where a client is let in only that tells a user.
	AsksForUser bool
}

// maxBranches is how many branches of one request are followed.
const maxBranches = 32

// Follow tells what becomes of a client's request. Wherever it meets a doubt,
// both branches are followed, as long as they are not too many. Each outcome is told
// while its branch is open, the likely one first: what settings are asked of it then
// may be in doubt as well.
func (s *Server) Follow(c Client, tell func(Outcome)) Branches {
	var found Branches
	branches, steps := [][]bool{nil}, 0
	for n := 0; len(branches) > 0 && n < maxBranches && steps <= maxSteps; n++ {
		b := branch{server: s, client: c, steps: steps, answers: branches[0]}
		tell(b.follow())
		branches, steps = append(branches[1:], b.others()...), b.steps
		found.add(&b)
	}
	found.Open = found.Open || len(branches) > 0
	return found
}

// add adds what a branch has met.
func (found *Branches) add(b *branch) {
	found.AsksForUser = found.AsksForUser || b.asksForUser
	switch {
	case b.unknown != nil && !found.Open:
		found.Doubt, found.Open = b.unknown, true
	case found.Doubt == nil && len(b.doubts) > 0:
		found.Doubt = &b.doubts[0]
	}
}

// end is what one pass of a request through httpd leads to: an outcome, or an
// internal redirect to another URI.
type end struct {
	Outcome
	next *received
}

// visit follows a request through httpd once.
func (q received) visit() end {
	r, died := q.process()
	if died != nil {
		return died.end()
	}
	return r.handle()
}

// follow follows the request to its end, through the internal redirects on the
// way.
func (b *branch) follow() Outcome {
	c := b.client
	uri, refused := b.server.normalize(c.Path)
	q := received{branch: b, Request: conf.Request{URI: uri}, asked: asked(c.Path), Query: c.Query, refused: refused}
	for {
		e := q.visit()
		if e.next == nil {
			return e.Outcome
		}
		q = *e.next
	}
}

// isFirstError tells whether httpd takes it for the first error of a request, also
// on the way to an ErrorDocument: mod_rewrite clears the status of those before
// (hook_uri2file, hook_fixup).
func (o Outcome) isFirstError() bool { return o.By != nil && o.By.Is("RewriteRule") }
