package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
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
		target, flags := d.Word(1), d.Word(2)
		if d.Parent != d.VirtualHost() || !strings.HasPrefix(target, "/") || leavesTranslation(flags) {
			continue
		}
		scope := p.Server(p.ServerAround(d))
		alias := scope.MountOf(target)
		if alias == nil || !scope.Last("RewriteEngine").IsOn() {
			continue
		}
		f := Finding{Message: fmt.Sprintf("%s is below the alias %s, and is looked for below DocumentRoot", target, alias.URL)}
		if isEditable(d) {
			f.Fix = p.addFlagPT(d)
		}
		p.Report(d, f)
	}
}

// leavesTranslation tells the flags with which the result of a rule is not
// taken for a file.
func leavesTranslation(flags string) bool {
	for flag := range strings.SplitSeq(strings.Trim(flags, "[]"), ",") {
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(flag)), "=")
		switch name {
		case "pt", "passthrough", "p", "proxy", "r", "redirect", "f", "forbidden", "g", "gone", "h", "handler":
			return true
		}
	}
	return false
}

func (p *Pass) addFlagPT(d *conf.Directive) *Fix {
	if d.Word(2) == "" {
		return p.fixByText(false, "add the flag PT", d, "[PT]")
	}
	flags, ok := d.WordSpan(2)
	if !ok || d.Source.File.Source[flags.Start] != '[' {
		return nil
	}
	at := flags.Start + 1
	return p.fixOf(false, "add the flag PT", FileEdit{d.Source.File, conf.Edit{Span: conf.Span{Start: at, End: at}, Text: "PT,"}})
}
