package request

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// received is a request as httpd begins with it (request_rec): a client's, what an
// internal redirect made of it, or a lookup of mod_dir. Nothing changes one: each
// step gives another.
type received struct {
	*branch
	conf.Request
	environment
	Query string // what follows "?"
	asked string // the URL path before it was unescaped and cleaned
	named string // the URI whose Location sections have set the variables of their named groups

	refused     Refusal     // of a path that httpd looks no further at
	file        string      // that it is for, whatever its URI leads to; "" for most
	isBeside    bool        // that is in the folder of the request which looks for it
	redirects   int         // internal ones before this
	lookups     int         // that this one is within, itself included: mod_dir asks what a URI would be
	errorStatus int         // of the error whose ErrorDocument is looked for, or 0
	firstStatus int         // of the first such error on the way here, or 0
	ledBy       redirecting // the last redirect that a rule of mod_rewrite has made: another may lead on from it
	hasUser     bool        // the client has told one, which was looked at
	hadUser     bool        // the request that was redirected internally to this one has such a user
	ended       bool        // a rewrite rule with END went before

	// checked are the settings of the request that was redirected internally to this
	// one, when its access had been checked; else nil.
	checked *Settings
}

// redirecting is a redirect with its status; the zero value is none (r->status).
type redirecting struct {
	status int
	rule   *conf.Directive
}

func (q received) isLookup() bool { return q.lookups > 0 }

func (q received) assume(d Doubt) bool { return q.branch.assume(q.URI, d) }

// asked is a URL path as httpd first looks at it: with one slash at its beginning, and
// not unescaped yet (ap_parse_uri).
func asked(path string) string {
	for strings.HasPrefix(path, "//") {
		path = path[1:]
	}
	return path
}

// another is a request to another URL of the server. httpd unescapes it, and refuses
// one that it would refuse a client.
func (q received) another(to address) received {
	next := received{branch: q.branch, Request: q.Request, asked: asked(to.path), Query: to.query}
	next.URI, next.refused = q.server.normalize(to.path)
	next.File, next.Folder = "", false
	return next
}

// redirected is the request that an internal redirect makes of this one: it goes
// through everything again, and finds its variables under other names
// (ap_internal_redirect). errorStatus is that of the error that
// it is for, or 0; checked are the settings with which access was checked, or nil.
func (q received) redirected(to address, errorStatus int, checked *Settings) *received {
	next := q.another(to)
	next.checked = checked
	next.ended, next.errorStatus, next.redirects = q.ended, errorStatus, q.redirects+1
	next.hadUser = q.hasUser
	next.firstStatus = cmp.Or(q.firstStatus, errorStatus)
	q.spend(len(q.variables), nil)
	next.environment = q.renamed()
	next.set("REDIRECT_STATUS", expr.Value{Text: strconv.Itoa(cmp.Or(errorStatus, http.StatusOK))})
	return &next
}

// lookup is the request that mod_dir makes to see what a URL in a directive would be.
func (q received) lookup(text string) received {
	sub := q.another(q.resolve(withQuery(text, q.Query)))
	sub.lookups, sub.redirects, sub.environment = q.lookups+1, q.redirects, q.environment
	return sub
}

// address is where a request goes next: an escaped path and a query.
type address struct{ path, query string }

// splitURL takes a URL apart that stands in a directive, or that a module has put
// together (apr_uri_parse).
func splitURL(text string) address {
	text, _, _ = strings.Cut(text, "#")
	path, query, _ := strings.Cut(text, "?")
	return address{path, query}
}

// withQuery is a URL with a query behind it.
func withQuery(url, query string) string {
	if query == "" {
		return url
	}
	return url + "?" + query
}

// resolve is a URL that stands in a directive, as seen from the folder of the
// request (ap_sub_req_lookup_uri).
func (q received) resolve(text string) address {
	to := splitURL(text)
	if !strings.HasPrefix(to.path, "/") {
		to.path = escapePath(q.URI[:strings.LastIndexByte(q.URI, '/')+1]) + to.path
	}
	return to
}
