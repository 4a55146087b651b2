package request

import (
	"net/http"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// process follows a request to its handler, by the hooks in their order:
// translate_name, map_to_storage, access_checker, type_checker, fixups
// (ap_process_request_internal). died is not nil where one of them ends it.
func (q received) process() (ready located, died *death) {
	if !q.spend(q.server.stepsFor(q.URI), nil) {
		return located{}, q.giveUp()
	}
	q = q.setEnvIf()
	if q.refused.Status != 0 {
		return located{}, q.refuse(q.outerSettings(), q.refused) // no section is looked for yet
	}
	q, early := q.earlySettings()
	if q.isLookup() && q.server.isTooMuch(q.redirects, q.lookups-1) {
		return located{}, q.refuse(early, Ending{Kind: Endless}.refusal())
	}
	t := q.translate(early)
	switch {
	case t.taken != nil && t.status == 0:
		return t.throughProxy()
	case t.taken != nil:
		return located{}, t.endBy(early, t.taken, t.status)
	}
	if t.isTooLong {
		return located{}, t.refuse(early, Ending{Kind: NameTooLong}.refusal())
	}
	if !q.spend(q.server.stepsFor(t.to.File), nil) {
		return located{}, q.giveUp()
	}
	r := t.locate()
	if problem := r.Settings.Problem(); problem != "" {
		return r, r.received.refuse(r.outerSettings(), Ending{Kind: HtaccessRefused, Subject: problem}.refusal())
	}
	died = r.checkLinks()
	if died != nil {
		return r, died
	}
	r.received = r.setEnvIfInside()
	if r, died = r.checkAccess(); died != nil {
		return r, died
	}
	if r, died = r.negotiate(); died != nil {
		return r, died
	}
	return r.fixups()
}

// giveUp is the end of a request that takes too many steps to follow.
func (q received) giveUp() *death {
	return q.refuse(q.outerSettings(), Refusal{http.StatusNotFound, q.unknown.Reason})
}

// fixups are those hooks that send a request elsewhere, and that of mod_env:
// mod_rewrite's for rules in sections comes first, and then mod_alias's for redirects
// in sections; mod_dir's, which comes last, finds the variables set.
func (r located) fixups() (located, *death) {
	r.fixing, r.beforeFixups = r.Settings, r.environment
	if r.leadsTo != nil { // as MultiViews has found it: the first of the fixups counts again
		r.isHandled = r.setsHandler()
	}
	r, died := r.rewriteFolder()
	if died != nil {
		return r, died
	}
	if d := r.redirectInside(); d != nil {
		return r, r.endBy(d, redirectStatus(d))
	}
	return r.setEnv().findInFolder()
}

// refuse is [received.refuse] with what applies to the file.
func (r located) refuse(e Ending) *death {
	died := r.received.refuse(r.Settings, e.refusal())
	died.checked = r.Settings
	return died
}

// endBy is [received.endBy] with what applies to the file.
func (r located) endBy(d *conf.Directive, status int) *death {
	died := r.received.endBy(r.Settings, d, status)
	died.checked = r.Settings
	return died
}

// become is the request as one for what a lookup of its own found. What the
// modules have noted of both stays, that of the lookup first
// (ap_internal_fast_redirect).
func (r located) become(found located) located {
	next := found
	next.received = r.received
	next.Request, next.Query = found.Request, found.Query
	next.fixing = r.fixing
	next.environment = found.over(r.environment)
	next.contextFolder, next.contextURL = r.contextFolder, r.contextURL
	next.forced = next.forced.or(r.forced)
	next.noted = slices.Concat(found.noted, r.noted)
	return next
}
