package request

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// end is what one pass of a request through httpd leads to: an outcome, or an
// internal redirect to another URL.
type end struct {
	Outcome
	next    *question
	regular bool // there is a file for it, as the lookups of mod_dir want
	refused bool // with a status of its own
}

// visit follows a request through httpd once, by the hooks in their order:
// translate_name, map_to_storage, type_checker, fixups, handler.
func (q question) visit() end {
	early := q.server.earlySettings(q.Request)
	if q.redirects > maxRedirects {
		return q.fails(early, http.StatusInternalServerError, endless)
	}
	if q.run.visits++; q.run.visits > maxVisits {
		return end{Outcome: Outcome{Refusal: Refusal{Reason: fmt.Sprintf("it takes more than %d lookups and redirects to tell", maxVisits)}}, refused: true}
	}
	t := q.setEnvIf().translate(early)
	if t.taken != nil {
		return t.takenBy(early, t.taken)
	}
	r := t.locate()
	if problem := r.Settings.Problem(); problem != "" {
		return end{Outcome: Outcome{Refusal: Refusal{http.StatusInternalServerError, "httpd answers 500: " + problem}}}
	}
	if d := r.Settings.DeniedBy(); d != nil && !r.isLookup {
		pos := d.Pos()
		return r.fails(http.StatusForbidden, fmt.Sprintf("Require all denied at %s:%d denies access: httpd answers 403", pos.File, pos.Line))
	}
	r.question = r.setEnvIfInside(r.Settings)
	if e, done := r.negotiate(); done {
		return e
	}
	r, e, done := r.fixups()
	if done {
		return e
	}
	return r.handle()
}

// answers is the end where httpd itself answers.
func (q question) answers(status int, reason string) end {
	return end{Outcome: Outcome{Refusal: Refusal{status, reason}}}
}

// fails is the end of an error, or a redirect to the ErrorDocument where that is
// a URL (ap_die). An error on the way to an ErrorDocument, or in a lookup, has
// none.
func (q question) fails(set *Settings, status int, reason string) end {
	return q.dies(set, end{Outcome: Outcome{Refusal: Refusal{status, reason}}})
}

// takenBy is the end where a directive ends the request.
func (q question) takenBy(set *Settings, d *conf.Directive) end {
	return q.dies(set, end{Outcome: Outcome{By: d, Refusal: Refusal{Status: statusOf(d)}}})
}

// statusOf is the status of an error that a directive ends a request with, 0 for
// another end.
func statusOf(d *conf.Directive) int {
	switch {
	case d.Is("RewriteRule"):
		return ruleStatus(d)
	case d.Is("Redirect") || d.Is("RedirectMatch"):
		return redirectStatus(d)
	}
	return 0
}

func (q question) dies(set *Settings, e end) end {
	e.refused = e.Status != http.StatusNotFound // which mod_dir takes for "look on"
	if e.Status == 0 || q.isLookup || q.died != 0 {
		return e
	}
	d := set.settingWhere(func(d *conf.Directive) bool {
		return d.Is("ErrorDocument") && d.Word(0) == strconv.Itoa(e.Status)
	}, q.assume, "ErrorDocument")
	switch {
	case d == nil:
		return e
	case strings.HasPrefix(d.Word(1), "/"):
		next := q.redirected(q.resolve(d.Word(1)))
		next.died = e.Status
		return end{next: next}
	case strings.Contains(d.Word(1), "://") && e.Status != http.StatusUnauthorized:
		return end{Outcome: Outcome{By: d}, refused: true}
	}
	return e
}

// resolve is a URL that stands in a directive, as seen from the folder of the
// request (ap_sub_req_lookup_uri).
func (q question) resolve(text string) (path, query string) {
	path, query, _ = strings.Cut(text, "?")
	if !strings.HasPrefix(path, "/") {
		path = q.URI[:strings.LastIndexByte(q.URI, '/')+1] + path
	}
	return path, query
}

// fixups are those hooks that send a request elsewhere: mod_rewrite's for rules
// in sections, mod_alias's for redirects in sections, and mod_dir's, which
// comes last.
func (r located) fixups() (next located, e end, done bool) {
	r, e, done = r.rewriteFolder()
	if slash, redirects := r.addSlash(); done && e.next != nil && redirects {
		return r, slash, true // mod_dir does not step aside for that
	}
	switch {
	case done && e.next != nil && r.ruled != "" && !r.allows("ExecCGI"):
		return r, r.fails(http.StatusForbidden, "the handler of a rule takes the place of the redirect of another: httpd answers 403"), true
	case done && e.next != nil && r.ruled != "":
		return r, r.fails(http.StatusNotFound, "the handler of a rule takes the place of the redirect of another: httpd answers 404"), true
	case done:
		return r, e, true
	}
	if d := r.redirectInside(); d != nil {
		return r, r.takenBy(d), true
	}
	named := r.Settings.namedHandler(r.to.Handler, r.assume)
	switch {
	case r.kind == folder || r.kind == unseen && strings.HasSuffix(r.URI, "/") && named.Name == "":
		e, done = r.index(named.Name)
	case named.Name == "" && r.kind != regular:
		e, done = r.fallBack()
	}
	return r, e, done
}

// fails is [question.fails] with what applies to the file.
func (r located) fails(status int, reason string) end {
	return r.question.fails(r.Settings, status, reason)
}

func (r located) takenBy(d *conf.Directive) end { return r.question.takenBy(r.Settings, d) }

func (r located) allows(option string) bool { return r.Settings.allows(option, r.assume) }

// redirect is the end of an internal redirect.
func (r located) redirect(path, query string) end {
	return end{next: r.redirected(path, query), regular: r.kind != missing}
}

// Handled is a request as handlers get it.
type Handled struct {
	Client      Client
	Settings    *Settings
	Handler     Handler
	Translation Translation // of the module; the zero value where it took no part
	ScriptName  string
	PathInfo    string
	IsMissing   bool // there is no such file
	IsFolder    bool

	variables map[string]string
	assume    Assume // decides what is in doubt
}

// Allows tells whether Options has an option.
func (h *Handled) Allows(option string) bool { return h.Settings.allows(option, h.assume) }

// Setting is the directive of that name that is in effect, or nil.
func (h *Handled) Setting(name string) *conf.Directive {
	return h.Settings.setting(name, h.assume)
}

// handle is what the handlers make of the request: that of the module, that of
// mod_actions, which leads elsewhere, or httpd's own.
func (r located) handle() end {
	if r.isLookup && (r.kind == missing || r.kind == folder) {
		return r.answers(http.StatusNotFound, "there is no such file: httpd answers 404") // no handler is asked then
	}
	handler := r.Settings.Handler(r.to.Handler, r.assume)
	if r.ruled != "" {
		handler = Handler{r.ruled, r.rule}
	}
	h := &Handled{
		Client: r.client, Settings: r.Settings, Handler: handler, Translation: r.to, ScriptName: r.scriptName, PathInfo: r.info,
		IsMissing: r.kind == missing, IsFolder: r.kind == folder, assume: r.assume, variables: r.variables,
	}
	if refusal, handles := r.server.Httpd.module.Handles(h); handles {
		if refusal.Status != 0 {
			e := r.fails(refusal.Status, refusal.Reason)
			e.regular = e.regular || e.next == nil && r.kind == regular
			e.refused = e.refused && !r.isLookup
			return e
		}
		return end{Outcome: Outcome{Handled: h}, regular: r.kind == regular || r.kind == unseen}
	}
	if e, done := r.act(handler.Name); done {
		return e
	}
	switch {
	case handler.Name == "" && (r.kind == missing || r.kind == regular && r.info != ""):
		return r.fails(http.StatusNotFound, "there is no such file: httpd answers 404")
	case handler.Name == "" && r.kind == folder:
		return r.serveFolder()
	case handler.Name == "":
		handler.Name = "of plain files"
	}
	e := r.answers(0, "handler "+handler.Name)
	e.regular = r.kind == regular
	return e
}

// serveFolder is what becomes of a folder without an index: the list of
// mod_autoindex, or an error.
func (r located) serveFolder() end {
	switch {
	case r.server.Config.HasModule("autoindex_module") == expr.False:
		return r.fails(http.StatusNotFound, "the folder has no index: httpd answers 404")
	case !r.allows("Indexes"):
		return r.fails(http.StatusForbidden, "the folder has no index, and Options Indexes is off: httpd answers 403")
	}
	return r.answers(0, "mod_autoindex lists the folder")
}
