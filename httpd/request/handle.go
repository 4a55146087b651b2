package request

import (
	"cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Handled is a request as handlers get it.
type Handled struct {
	Settings   *Settings
	Handler    Handler
	ScriptName string
	PathInfo   string
	IsMissing  bool // there is no such file
	IsFolder   bool
	IsRenamed  bool // a rule redirects it, and has put "redirect:" before its file's name

	// Noted are the directives of the module by which the URI was translated: of an
	// index that mod_dir has found its own first, then that of the folder, and so on.
	Noted []*conf.Directive

	fixing      *Settings
	environment environment
	assume      Assume  // decides what is in doubt
	branch      *branch // of a sample
}

// Allows tells whether Options has an option.
func (h *Handled) Allows(option string) bool { return h.Settings.allows(option, h.assume) }

// Setting is the directive of that name that is in effect, or nil.
func (h *Handled) Setting(name string) *conf.Directive {
	return h.Settings.setting(name, h.assume)
}

// SettingWhere is the directive that is in effect among those of these names that are
// alike, or nil.
func (h *Handled) SettingWhere(alike func(*conf.Directive) bool, names ...string) *conf.Directive {
	return h.Settings.settingWhere(alike, h.assume, names...)
}

// AcceptPathInfo is the directive of that name that is in effect, or nil: that of
// the request itself, whatever lookup mod_dir has put in its place (the first of
// the fixups is core_override_type, and ap_internal_fast_redirect leaves it).
func (h *Handled) AcceptPathInfo() *conf.Directive {
	return h.fixing.setting("AcceptPathInfo", h.assume)
}

// handled is the request with its handler. That of a rule takes the place of all
// others, since mod_rewrite names it last (hook_mimetype).
func (r located) handled() *Handled {
	handler := r.forced.handler
	switch {
	case handler.Name != "":
	case r.kind == folder: // mod_dir has given it a handler, so that its type is none
		handler = r.namedHandler()
	default:
		handler = r.forced.typeOver(r.Settings.handlerOr(r.namedHandler(), r.facts(), r.assume))
	}
	return &Handled{
		Settings: r.Settings, Handler: handler, Noted: r.noted, ScriptName: r.scriptName, PathInfo: r.info,
		IsMissing: r.kind == missing, IsFolder: r.kind == folder, IsRenamed: r.leadsTo != nil, assume: r.assume, fixing: r.fixing, environment: r.environment,
	}
}

// namedHandler is the handler that directives name, of what the request is when
// its fixups begin (core_override_type).
func (r located) namedHandler() Handler {
	f := r.facts()
	f.environment = r.beforeFixups
	h := r.Settings.namedHandler(r.to.Handler, f, r.assume)
	if h.doubt != nil {
		r.isUnknown(h.By, h.doubt)
	}
	return h
}

// handle is what the handlers make of the request: that of mod_rewrite, the
// module, mod_actions, which leads elsewhere, or httpd's own (ap_invoke_handler).
func (r located) handle() end {
	if r.leadsTo != nil && r.forced.handler.Name == "" && !r.isHandled {
		return r.redirect(*r.leadsTo)
	}
	h := r.handled()
	if refusal, handles := r.server.Httpd.module.Handles(h); handles {
		if refusal.Status != 0 {
			return r.received.refuse(r.Settings, refusal).end()
		}
		return end{Outcome: Outcome{Handled: h}}
	}
	if e, done := r.act(h.Handler.Name); done {
		return e
	}
	return r.serve(h.Handler)
}

// redirect is the end of an internal redirect.
func (r located) redirect(to address) end {
	if r.isAtEnd() {
		return r.refuse(Ending{Kind: Endless}).end()
	}
	return end{next: r.redirected(to, cmp.Or(r.ledBy.status, r.errorStatus), r.Settings)}
}

// serve is what httpd's own handlers make of a file or folder. What another
// handler answers is not known.
func (r located) serve(handler Handler) end {
	switch {
	case !handler.isOfTypes() && r.server.Httpd.mayHandle(handler.Name):
		return r.answer(Ending{Kind: OtherHandler, Subject: handler.Name})
	case r.kind == folder && handler.isOfFolders():
		return r.serveFolder()
	case r.kind == unseen:
		return r.answer(Ending{Kind: UnseenFile})
	case r.kind != regular || r.info != "" && !r.fixing.setting("AcceptPathInfo", r.assume).IsOn():
		return r.refuse(Ending{Kind: NoSuchFile}).end()
	case r.leadsTo != nil:
		return r.refuse(Ending{Kind: RenamedFile}).end()
	}
	return r.answer(Ending{Kind: PlainFile})
}

// answer is what httpd's own handlers give without an error: with the status that the
// request has already.
func (r located) answer(e Ending) end {
	answer := e.refusal()
	if answer.Status != 0 {
		answer.Status = cmp.Or(r.ledBy.status, r.errorStatus, answer.Status)
	}
	return end{Outcome: Outcome{Refusal: answer}}
}

// serveFolder is what becomes of a folder without an index: the list of
// mod_autoindex, or an error.
func (r located) serveFolder() end {
	switch {
	case r.server.Config.HasModule("autoindex_module") == expr.False:
		return r.refuse(Ending{Kind: NoIndex}).end()
	case !r.allows("Indexes"):
		return r.refuse(Ending{Kind: NoIndexNorList}).end()
	}
	return r.answer(Ending{Kind: FolderList})
}

func (r located) allows(option string) bool { return r.Settings.allows(option, r.assume) }

// setting is the directive of that name that is in effect, or nil.
func (r located) setting(name string) *conf.Directive { return r.Settings.setting(name, r.assume) }
