package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// act is what mod_actions makes of a file whose handler or type has an Action
// (action_handler): a redirect to its script, with the URI after it.
func (r located) act(handler string) (e end, done bool) {
	if handler == "" {
		return end{}, false
	}
	d := r.Settings.settingWhere(func(d *conf.Directive) bool {
		return d.Is("Action") && strings.EqualFold(d.Word(0), handler)
	}, r.assume, "Action")
	switch {
	case d == nil:
		return end{}, false
	case r.kind == missing && !strings.EqualFold(d.Word(2), "virtual"):
		return r.refuse(Ending{Kind: NoFileForAction}).end(), true
	}
	return r.redirect(splitURL(withQuery(d.Word(1)+escapePath(r.URI), r.Query))), true
}
