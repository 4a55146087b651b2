package audit

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// Answer is what would answer a GET for one URL.
type Answer struct {
	URL         string
	Server      *httpdconf.Server
	Application *Application // nil where no WSGI application answers
	Reason      string       // then: what does
}

// Serving tells which application would serve a GET for a URL, with the name
// in it as Host header. The error is about the URL itself.
func (v *View) Serving(text string) (Answer, error) {
	answer, err := v.serving(text)
	for _, other := range v.renderings {
		if err != nil {
			break
		}
		var another Answer
		another, err = other.serving(text)
		answer = answer.with(another)
	}
	return answer, err
}

func (v *View) serving(text string) (Answer, error) {
	a, err := parseAddress(text)
	if err != nil {
		return Answer{}, err
	}
	server, certain, reason := v.serverFor(a)
	scope := v.scopeOf(server)
	uri, refused := scope.normalize(a.path)
	q := &question{
		view: v, scope: scope, client: true, given: scope.given(), asked: a,
		request: httpdconf.Request{URI: uri, Query: a.query, Host: a.host, Port: a.port, HTTPS: truth(a.https)},
		visits:  new(int),
	}
	if refused.status != 0 {
		if q = q.errorBefore(refused.status); q == nil {
			return Answer{URL: text, Server: server, Reason: refused.reason}, nil
		}
	}
	answer := q.ask()
	answer.URL, answer.Server = text, server
	if certain == httpdconf.Unknown && answer.Application != nil && server.Holds == httpdconf.True {
		answer.Application.doubt(answer.Application.DecidedBy, reason)
	}
	return answer, nil
}

// doubt makes the verdict one that only the request decides.
func (a *Application) doubt(by *httpdconf.Directive, reason string) {
	a.Verdict = Verdict{Mode: Dynamic, ProcessGroup: a.ProcessGroup, DecidedBy: by, Reason: reason}
}

// maxVisits is how many requests one of a client may lead to. Each may look for
// an index in folders that have one of their own, ten deep.
const maxVisits = 1000

// maxRedirects is how many internal redirects a request may go through
// (LimitInternalRecursion).
const maxRedirects = 10

// ask follows the URL to the application, through the internal redirects on
// its way.
func (q *question) ask() Answer {
	for range maxRedirects {
		o := q.visit()
		if o.next == nil {
			return o.answer
		}
		q = o.next
	}
	return Answer{Reason: "the internal redirects do not end: httpd answers 500"}
}

// namePort is the port that %{SERVER} and its kin carry: the one that the
// client names, else that of the server (ap_get_server_port).
func (q *question) namePort() int {
	canonical := q.pick("UseCanonicalName")
	if q.asked.named && (len(canonical.candidates) == 0 || !strings.EqualFold(canonical.candidates[0].Word(0), "On")) {
		return q.asked.port
	}
	return q.scope.server.Port
}

// outcome is what one pass of a request through httpd leads to: an answer, or
// an internal redirect to another URL.
type outcome struct {
	answer  Answer
	next    *question
	regular bool // there is a file for it, as the lookups of mod_dir want
	refused bool // with a status of its own
}

// nothing is the outcome where something else than a WSGI application answers.
func nothing(format string, args ...any) outcome {
	return outcome{answer: Answer{Reason: fmt.Sprintf(format, args...)}}
}

// refuse is the outcome where a directive ends the request.
func (q *question) refuse(d *httpdconf.Directive) outcome {
	o := nothing("%s takes the URL before mod_wsgi", d.Name)
	o.refused = true
	return q.failed(statusOf(d), o)
}

// statusOf is the status of an error that a rule or redirect ends a request
// with, 0 for another end.
func statusOf(d *httpdconf.Directive) int {
	flags := rewriteFlags(rewriteWords(d)[2])
	switch {
	case !d.Is("RewriteRule"):
		return 0
	case flags.has("F", "forbidden"):
		return http.StatusForbidden
	case flags.has("G", "gone"):
		return http.StatusGone
	case flags.isStatus():
		return flags.number("R", "redirect")
	}
	return 0
}

// failed is the outcome of an error: what o says, or a redirect to the
// ErrorDocument where that is a URL of this server (ap_die). An error on the
// way to an ErrorDocument, or in a lookup, has none.
func (q *question) failed(status int, o outcome) outcome {
	o.refused = status != http.StatusNotFound // which mod_dir takes for "look on"
	if status == 0 || q.isLookup || q.isError {
		return o
	}
	d := q.settingWhere(func(d *httpdconf.Directive) bool {
		return d.Is("ErrorDocument") && d.Word(0) == strconv.Itoa(status)
	})
	if next := q.toErrorDocument(d); next != nil {
		return outcome{next: next}
	}
	return o
}

// errorBefore is the redirect to the ErrorDocument of an error before any
// section is looked at; nil for none.
func (q *question) errorBefore(status int) *question {
	for d := range q.scope.each {
		if d.Is("ErrorDocument") && d.Word(0) == strconv.Itoa(status) {
			return q.toErrorDocument(d)
		}
	}
	return nil
}

// toErrorDocument is the redirect to an ErrorDocument; nil where that is no URL
// of this server.
func (q *question) toErrorDocument(d *httpdconf.Directive) *question {
	if d == nil || !strings.HasPrefix(d.Word(1), "/") {
		return nil
	}
	path, query := q.resolve(d.Word(1))
	next := q.redirect(path, query).next
	next.isError = true
	return next
}

// redirect is the request that an internal redirect makes of this one: it goes
// through everything again, and finds its variables under other names
// (ap_internal_redirect, rename_original_env).
func (q *question) redirect(path, query string) outcome {
	next := q.another(path, query)
	next.ended, next.isError, next.redirects = q.ended, q.isError, q.redirects+1
	for name, value := range q.variables {
		next.setVariable("REDIRECT_"+name, value)
	}
	return outcome{next: next, regular: q.kind != missing}
}

// lookup is the request that mod_dir makes to see what a URL would be.
func (q *question) lookup(text string) *question {
	path, query := q.resolve(text)
	if query == "" {
		query = q.request.Query
	}
	sub := q.another(path, query)
	sub.isLookup, sub.redirects, sub.variables = true, q.redirects+1, q.variables
	return sub
}

func (q *question) another(path, query string) *question {
	next := &question{
		view: q.view, scope: q.scope, client: q.client, given: q.given, asked: q.asked,
		doubts: q.doubts, doubtedBy: q.doubtedBy, request: q.request, visits: q.visits,
	}
	next.request.URI, next.request.Query = path, query
	next.request.File, next.request.Folder = "", false
	if clean, refused := q.scope.normalize(escapePath(path)); refused.status == 0 {
		next.request.URI = clean
	}
	return next
}

// escapePath keeps what unescaping would take for an escape.
func escapePath(path string) string { return strings.ReplaceAll(path, "%", "%25") }

func (q *question) setVariable(name, value string) {
	variables := maps.Clone(q.variables)
	if variables == nil {
		variables = map[string]string{}
	}
	variables[name] = value
	q.variables = variables
}

func (q *question) unsetVariable(name string) {
	q.variables = maps.Clone(q.variables)
	delete(q.variables, name)
}

// wonder notes that what follows depends on something that is not known.
func (q *question) wonder(by *httpdconf.Directive, reason string) {
	if q.doubts == "" {
		q.doubts, q.doubtedBy = reason, by
	}
}
