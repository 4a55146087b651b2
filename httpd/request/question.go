package request

import (
	"maps"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// question is one request on its way: a client's, what an internal redirect
// made of it, or a lookup of mod_dir. Nothing changes one: each step gives
// another.
type question struct {
	*run
	conf.Request
	Query string // what follows "?"

	file      string            // that it is for, whatever its URL leads to; "" for most
	variables map[string]string // that rules and SetEnvIf have set; never written to
	redirects int               // internal ones before this
	isLookup  bool              // mod_dir asks what a URL would be
	died      int               // the status of the error whose ErrorDocument is looked for, or 0
	ended     bool              // a rewrite rule with END went before
}

func (q question) assume(d Doubt) bool { return q.run.assume(q.URI, d) }

// isUnknown notes that a text which goes into what follows is not known, so
// that no branch tells what becomes of the request.
func (q question) isUnknown(by *conf.Directive, reason string) {
	if q.run.unknown == nil {
		q.run.unknown = &Doubt{By: by, Reason: reason}
	}
}

// with is the request with a variable set.
func (q question) with(name, value string) question {
	variables := maps.Clone(q.variables)
	if variables == nil {
		variables = map[string]string{}
	}
	variables[name] = value
	q.variables = variables
	return q
}

// without is the request with a variable unset.
func (q question) without(name string) question {
	q.variables = maps.Clone(q.variables)
	delete(q.variables, name)
	return q
}

// another is a request to another URL of the server.
func (q question) another(to address) question {
	next := question{run: q.run, Request: q.Request}
	next.URI, next.Query, next.File, next.Folder = to.path, to.query, "", false
	if clean, refused := q.server.normalize(escapePath(to.path)); refused.Status == 0 {
		next.URI = clean
	}
	return next
}

// redirected is the request that an internal redirect makes of this one: it goes
// through everything again, and finds its variables under other names
// (ap_internal_redirect, rename_original_env).
func (q question) redirected(to address) *question {
	next := q.another(to)
	next.ended, next.died, next.redirects = q.ended, q.died, q.redirects+1
	for name, value := range q.variables {
		next = next.with("REDIRECT_"+name, value)
	}
	return &next
}

// lookup is the request that mod_dir makes to see what a URL would be.
func (q question) lookup(text string) question {
	to := q.resolve(text)
	if to.query == "" {
		to.query = q.Query
	}
	sub := q.another(to)
	sub.isLookup, sub.redirects, sub.variables = true, q.redirects+1, q.variables
	return sub
}

// address is where a request goes next.
type address struct{ path, query string }

func splitURL(text string) address {
	path, query, _ := strings.Cut(text, "?")
	return address{path, query}
}

// resolve is a URL that stands in a directive, as seen from the folder of the
// request (ap_sub_req_lookup_uri).
func (q question) resolve(text string) address {
	to := splitURL(text)
	if !strings.HasPrefix(to.path, "/") {
		to.path = q.URI[:strings.LastIndexByte(q.URI, '/')+1] + to.path
	}
	return to
}
