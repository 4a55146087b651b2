package request

import (
	"net/http"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Handled is a request as handlers get it.
type Handled struct {
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

// handled is the request with its handler. That of a rule takes the place of all
// others, since mod_rewrite names it last (hook_mimetype).
func (r located) handled() *Handled {
	handler := r.Settings.Handler(r.to.Handler, r.assume)
	if r.ruled != "" {
		handler = Handler{r.ruled, r.rule}
	}
	return &Handled{
		Settings: r.Settings, Handler: handler, Translation: r.to, ScriptName: r.scriptName, PathInfo: r.info,
		IsMissing: r.kind == missing, IsFolder: r.kind == folder, assume: r.assume, variables: r.variables,
	}
}

// handle is what the handlers make of the request: that of mod_rewrite, the
// module, mod_actions, which leads elsewhere, or httpd's own (ap_invoke_handler).
func (r located) handle() end {
	if r.leadsTo != nil && r.ruled == "" {
		return r.redirect(*r.leadsTo)
	}
	h := r.handled()
	if refusal, handles := r.server.Httpd.module.Handles(h); handles {
		switch {
		case refusal.Status != 0:
			return r.refuse(refusal.Status, refusal.Reason).end()
		case r.leadsTo != nil:
			return r.refuse(http.StatusInternalServerError, "the handler of a rule takes the place of the redirect of another: there is no file for it").end()
		}
		return end{Outcome: Outcome{Handled: h}}
	}
	if e, done := r.act(h.Handler.Name); done {
		return e
	}
	return r.serve(h.Handler)
}

// redirect is the end of an internal redirect.
func (r located) redirect(to address) end { return end{next: r.redirected(to)} }

// serve is what httpd's own handlers make of a file or folder.
func (r located) serve(handler Handler) end {
	name := handler.Name
	switch {
	case handler.isPlain() && (r.kind == missing || r.kind == regular && r.info != ""):
		return r.refuse(http.StatusNotFound, "there is no such file: httpd answers 404").end()
	case handler.isPlain() && r.kind == folder:
		return r.serveFolder()
	case name == "":
		name = "of plain files"
	}
	return end{Outcome: Outcome{Refusal: Refusal{Reason: "handler " + name}}}
}

// serveFolder is what becomes of a folder without an index: the list of
// mod_autoindex, or an error.
func (r located) serveFolder() end {
	switch {
	case r.server.Config.HasModule("autoindex_module") == expr.False:
		return r.refuse(http.StatusNotFound, "the folder has no index: httpd answers 404").end()
	case !r.allows("Indexes"):
		return r.refuse(http.StatusForbidden, "the folder has no index, and Options Indexes is off: httpd answers 403").end()
	}
	return end{Outcome: Outcome{Refusal: Refusal{Reason: "mod_autoindex lists the folder"}}}
}

func (r located) allows(option string) bool { return r.Settings.allows(option, r.assume) }

// setting is the directive of that name that is in effect, or nil.
func (r located) setting(name string) *conf.Directive { return r.Settings.setting(name, r.assume) }
