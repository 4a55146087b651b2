package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

var rewriteWithoutPT = &Rule{
	ID: "WC160", Name: "rewrite-without-pt", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "a rewrite rule leads to an application's URL and does not pass it on",
	Why: "Outside of <Directory> mod_rewrite takes its result for a file below DocumentRoot, unless the rule has the flag " +
		"PT: mod_wsgi is not asked, and the answer is 404.",
	Remedy: "Add the flag PT.",
	Link:   issuesGuide,
	Bad: `
RewriteEngine On
RewriteRule ^/old/(.*)$ /shop/$1 [L]
WSGIScriptAlias /shop /srv/shop/app.wsgi`,
	Good: `
RewriteEngine On
RewriteRule ^/old/(.*)$ /shop/$1 [PT,L]
WSGIScriptAlias /shop /srv/shop/app.wsgi`,
	Check: checkRewriteWithoutPT,
}

func checkRewriteWithoutPT(p *Pass) {
	for d := range p.All("RewriteRule") {
		target := request.RuleTarget(d)
		if d.Parent != d.VirtualHost() || !strings.HasPrefix(target, "/") || !request.MakesFile(d) {
			continue
		}
		scope := p.Server(p.ServerAround(d))
		alias := scope.MountOf(target)
		if alias == nil || !scope.Last("RewriteEngine").IsOn() {
			continue
		}
		f := Finding{Message: fmt.Sprintf("%s is below the alias %s, and is looked for below DocumentRoot", target, alias.URLPath)}
		if isEditable(d) {
			f.Fix = p.addFlagPT(d)
		}
		p.Report(d, f)
	}
}

func (p *Pass) addFlagPT(d *conf.Directive) *Fix {
	words := conf.RewriteSpans(d.Args)
	if len(words) < 3 {
		return p.fixByText(false, "add the flag PT", d, "[PT]")
	}
	flags, ok := d.SpanOf(words[2].Start, words[2].End)
	if !ok || d.Source.File.Source[flags.Start] != '[' {
		return nil
	}
	at := flags.Start + 1
	return p.fixOf(false, "add the flag PT", FileEdit{d.Source.File, conf.Edit{Span: conf.Span{Start: at, End: at}, Text: "PT,"}})
}
