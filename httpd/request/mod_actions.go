package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// act is what mod_actions makes of a file whose handler or type has an Action, or of a
// request with a query where there is a Script for GET (action_handler): a redirect to
// its script, with the URI after it.
func (r located) act(handler string) (e end, done bool) {
	ofMethod := r.scriptOfMethod()
	if ofMethod != nil && r.redirects > 1 { // it may lead to itself
		return end{}, false
	}
	if d := r.actionOf(handler); d != nil {
		if r.kind == missing && !strings.EqualFold(d.Word(2), "virtual") {
			return r.refuse(Ending{Kind: NoFileForAction}).end(), true
		}
		return r.runFor(d), true
	}
	if ofMethod != nil {
		return r.runFor(ofMethod), true
	}
	return end{}, false
}

// runFor is the redirect to the script of an Action or Script.
func (r located) runFor(d *conf.Directive) end {
	return r.redirect(splitURL(withQuery(d.Word(1)+escapePath(r.URI), r.Query)))
}

// actionOf is the Action for a handler or type, or nil.
func (r located) actionOf(handler string) *conf.Directive {
	if handler == "" {
		return nil
	}
	return r.Settings.settingWhere(func(d *conf.Directive) bool {
		return d.Is("Action") && strings.EqualFold(d.Word(0), handler)
	}, r.assume, "Action")
}

// scriptOfMethod is the Script for a GET, or nil: it needs a query. Methods have case,
// and HEAD is one with GET (ap_method_register).
func (r located) scriptOfMethod() *conf.Directive {
	if r.Query == "" {
		return nil
	}
	return r.Settings.settingWhere(func(d *conf.Directive) bool {
		return d.Is("Script") && (d.Word(0) == "GET" || d.Word(0) == "HEAD")
	}, r.assume, "Script")
}
