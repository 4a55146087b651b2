package request

import (
	"net/http"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Outcome is what becomes of a client's request.
type Outcome struct {
	// Handled is the request as the module's handler gets it; nil where
	// something else answers.
	Handled *Handled
	By      *conf.Directive // the redirect, rule or proxy that took it, or nil
	Refusal                 // what answers else; a status of 0 is not known
}

// Outcomes are all outcomes that a request may have, the likely one first.
type Outcomes struct {
	All []Outcome
	// Doubt is what is not known, nil where all is. Where Open is set the
	// outcomes are not all that there may be.
	Doubt *Doubt
	Open  bool
}

// maxBranches is how many outcomes of one request are looked for.
const maxBranches = 32

// Follow tells what becomes of a client's request. Wherever it meets a doubt,
// both branches are followed, as long as they are not too many.
func (s *Server) Follow(c Client) Outcomes {
	var found Outcomes
	branches, steps := [][]bool{nil}, 0
	for len(branches) > 0 && len(found.All) < maxBranches && steps <= maxSteps {
		r := run{server: s, client: c, steps: steps, answers: branches[0], met: map[doubtKey]bool{}}
		branches = branches[1:]
		found.All = append(found.All, r.follow())
		branches, steps = append(branches, r.others()...), r.steps
		switch {
		case r.unknown != nil && !found.Open:
			found.Doubt, found.Open = r.unknown, true
		case found.Doubt == nil && len(r.doubts) > 0:
			found.Doubt = &r.doubts[0]
		}
	}
	found.Open = found.Open || len(branches) > 0
	return found
}

// others are the branches that this run leaves: for each doubt that it was the
// first to meet, the one where that is decided the other way. There are no more
// of them than are ever followed.
func (r *run) others() [][]bool {
	var branches [][]bool
	for i := len(r.answers); i < len(r.decided) && len(branches) < maxBranches; i++ {
		branches = append(branches, append(slices.Clone(r.decided[:i]), !r.decided[i]))
	}
	return branches
}

// run follows a client's request once: on one branch of all doubts.
type run struct {
	server *Server
	client Client
	steps  int // that were taken on this branch and those before it

	answers []bool            // to the first doubts; those after them are taken for what is likely
	doubts  []Doubt           // met so far, in their order
	decided []bool            // how each of them was
	met     map[doubtKey]bool // the same
	unknown *Doubt            // a text that went into what follows and is not known
}

// doubtKey is what two doubts have in common that are about the same.
type doubtKey struct {
	uri, text string
	by        *conf.Directive
}

// keyOf makes a condition of the text one doubt for the whole request. All else
// may be another thing for another URL.
func keyOf(uri string, d Doubt) doubtKey {
	if c := d.Condition; c != nil {
		return doubtKey{text: strings.ToLower(c.Kind) + " " + c.Subject}
	}
	return doubtKey{uri, d.Reason, d.By}
}

// assume decides a doubt that is met at a URL, the same way each time.
func (r *run) assume(uri string, d Doubt) bool {
	key := keyOf(uri, d)
	holds, known := r.met[key]
	if !known {
		holds = d.likely
		if n := len(r.doubts); n < len(r.answers) {
			holds = r.answers[n]
		} else if d.isNegated() {
			holds = !d.likely
		}
		r.met[key] = holds
		r.doubts, r.decided = append(r.doubts, d), append(r.decided, holds)
	}
	return holds != d.isNegated()
}

// isUnknown notes that a text which goes into what follows is not known, so
// that no branch tells what becomes of the request.
func (r *run) isUnknown(by *conf.Directive, reason string) {
	if r.unknown == nil {
		r.unknown = &Doubt{By: by, Reason: reason}
	}
}

// end is what one pass of a request through httpd leads to: an outcome, or an
// internal redirect to another URL.
type end struct {
	Outcome
	next *question
}

// visit follows a request through httpd once.
func (q question) visit() end {
	r, died := q.process()
	if died != nil {
		return died.end()
	}
	return r.handle()
}

// follow follows the request to its end, through the internal redirects on the
// way.
func (r *run) follow() Outcome {
	c := r.client
	uri, refused := r.server.normalize(c.Path)
	q := question{run: r, Request: conf.Request{URI: uri}, Query: c.Query}
	if refused.Status != 0 {
		e := q.refuse(q.outerSettings(), refused.Status, refused.Reason).end() // no section is looked for yet
		if e.next == nil {
			return e.Outcome
		}
		q = *e.next
	}
	for range maxRedirects {
		e := q.visit()
		if e.next == nil {
			return e.after(q.errorStatus)
		}
		q = *e.next
	}
	return Outcome{Refusal: Refusal{http.StatusInternalServerError, endless}}.after(q.errorStatus)
}

// after is the outcome of the way to an ErrorDocument: the status stays that of
// the error, unless the module's handler gives another, or one that is not known.
func (o Outcome) after(errorStatus int) Outcome {
	if errorStatus != 0 && o.Handled == nil && o.Status != 0 {
		o.Status = errorStatus
	}
	return o
}

const endless = "the internal redirects do not end: httpd answers 500"

// maxRedirects is how many internal redirects a request may go through
// (LimitInternalRecursion).
const maxRedirects = 10
