package audit

import (
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var slashMismatch = &Rule{
	ID: "WC156", Name: "slash-mismatch", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "the URL of an alias ends in a slash, and its script does not",
	Why: "What follows the URL is put directly behind the script's name: /shop/cart becomes /srv/shop/app.wsgicart, and " +
		"is answered with 404 (WSGI0135). Only the URL itself works.",
	Remedy: "Leave out the slash at the end of the URL.",
	Link:   configGuide,
	Bad: `
WSGIScriptAlias /shop/ /srv/shop/app.wsgi`,
	Good: `
WSGIScriptAlias /shop /srv/shop/app.wsgi`,
	Check: checkSlashMismatch,
}

func checkSlashMismatch(p *Pass) {
	for _, s := range p.Servers {
		for _, alias := range s.Aliases {
			url := strings.TrimRight(alias.URLPath, "/")
			if alias.IsMatch || url == "" || url == alias.URLPath || strings.HasSuffix(alias.Target, "/") || conf.HasMark(path.Base(alias.Target)) {
				continue
			}
			f := Finding{
				Message: fmt.Sprintf("%sx becomes %sx", alias.URLPath, alias.Target),
				Help:    "Write " + url + ".",
			}
			written, err := conf.Argument(url)
			if span, ok := alias.WordSpan(0); ok && err == nil && isEditable(alias.Directive) {
				f.Fix = p.fixOf(false, "write "+url,
					FileEdit{alias.Source.File, conf.Edit{Span: span, Text: written}})
			}
			p.Report(alias.Directive, f)
		}
	}
}
