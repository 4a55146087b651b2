package wsgi

import (
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
	if !isScript && handlerScript(r, r.Handler.Name) == nil {
		return request.Refusal{}, false
	}
	switch {
	case isScript && len(r.Noted) == 0 && !r.Allows("ExecCGI"):
		return noExecCGI.refusal(), true
	case isScript && r.IsMissing:
		return v.missingScript(r.Settings.Request.File), true
	case isScript && r.IsFolder:
		return scriptIsFolder.refusal(), true
	case r.PathInfo != "" && refusesPathInfo(r):
		return noPathInfo.refusal(), true
	case isScript && r.IsRenamed && v.application(r).Mode != Refused:
		return renamed.refusal(), true
	}
	return request.Refusal{}, true
}

func refusesPathInfo(r *request.Handled) bool {
	accept := r.AcceptPathInfo()
	return accept != nil && strings.EqualFold(accept.Word(0), "Off")
}
