package wsgi

import (
	"net/http"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// hooks is how mod_wsgi takes part in requests.
func (v *View) hooks() request.Module {
	return request.Module{
		Names:     []string{"wsgi_module", "mod_wsgi.c", "mod_wsgi", "mod_wsgi.so"},
		Translate: v.translate,
		Handles:   v.handles,
	}
}

// translate finds the script alias that takes a URI (wsgi_hook_intercept).
func (v *View) translate(s *request.Server, uri string, assume request.Assume) (request.Translation, bool) {
	for alias := range v.Servers[s.Index].aliasesFor(uri) {
		file, takes := alias.match(uri)
		if takes == expr.False || takes == expr.Unknown && !assume(alias.matchDoubt()) || !s.IsInEffect(alias.Directive, assume) {
			continue
		}
		t := request.Translation{File: file, Target: alias.Target, Handler: wsgiScript, By: alias.Directive}
		if alias.IsMatch {
			t.Target = ""
		}
		if doubt := alias.matchDoubt(); takes == expr.Unknown && !alias.hasScript() {
			t.Doubt = &doubt
		}
		return t, true
	}
	return request.Translation{}, false
}

// handles tells whether mod_wsgi takes a request, after its checks in their
// order (wsgi_hook_handler).
func (v *View) handles(r *request.Handled) (refusal request.Refusal, handles bool) {
	isScript := IsScriptHandler(r.Handler.Name)
	if !isScript && handlerScript(r.Settings, r.Handler.Name) == nil {
		return request.Refusal{}, false
	}
	switch {
	case isScript && len(r.Noted) == 0 && !r.Allows("ExecCGI"):
		refusal = request.Refusal{Status: http.StatusForbidden, Reason: "Options ExecCGI is off there: mod_wsgi answers 403 (WSGI0134)"}
	case isScript && r.IsMissing:
		refusal = request.Refusal{Status: http.StatusNotFound, Reason: "the script is not there: mod_wsgi answers 404 (WSGI0135)"}
	case isScript && r.IsFolder:
		refusal = request.Refusal{Status: http.StatusForbidden, Reason: "the script is a folder: mod_wsgi answers 403 (WSGI0136)"}
	case r.PathInfo != "" && refusesPathInfo(r):
		refusal = request.Refusal{Status: http.StatusNotFound, Reason: "AcceptPathInfo is Off there: mod_wsgi answers 404 (WSGI0137)"}
	case isScript && r.IsRenamed && v.application(r).Mode != Refused:
		refusal = request.Refusal{Status: http.StatusInternalServerError, Reason: "the handler of a rule takes the place of the redirect of another: there is no file for it"}
	}
	return refusal, true
}

func refusesPathInfo(r *request.Handled) bool {
	accept := r.AcceptPathInfo()
	return accept != nil && strings.EqualFold(accept.Word(0), "Off")
}
