package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var serverTokens = &Rule{
	ID: "WC190", Name: "server-tokens", Severity: Info, Category: CategorySecurity, Since: unreleased,
	OffByDefault: true, // a matter of policy, not of WSGI
	Summary:      "each answer names the releases of mod_wsgi and Python",
	Why: "With ServerTokens Full, which is the default of Apache itself, the Server header reads \"Apache/2.4.62 (Unix) " +
		"mod_wsgi/4.9.4 Python/3.11\". Whoever looks for servers with a certain hole needs to ask no further.",
	Remedy: "Write ServerTokens Prod.",
	Link:   "https://httpd.apache.org/docs/2.4/mod/core.html#servertokens",
	Bad: `
ServerTokens Full
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
ServerTokens Prod
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkServerTokens,
}

// checkServerTokens reports an absent directive only of a whole configuration:
// a part of one need not hold it.
func checkServerTokens(p *Pass) {
	var last *conf.Directive
	for d := range p.All("ServerTokens") {
		last = d
	}
	switch use := p.firstUse(); {
	case use == nil:
	case last == nil && p.Config.Complete:
		p.Report(use, Finding{Message: "the Server header names mod_wsgi and Python, since nothing sets ServerTokens"})
	case last != nil && strings.EqualFold(last.Word(0), "Full"):
		f := Finding{Message: "the Server header names mod_wsgi and Python"}
		if isEditable(last) {
			f.Fix = p.fixOf(false, "write ServerTokens Prod", replaceDirective(last, "ServerTokens Prod"))
		}
		p.Report(last, f)
	}
}
