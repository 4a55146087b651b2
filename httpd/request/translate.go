package request

import (
	"cmp"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Translation is where the translate_name hook of a module leads.
type Translation struct {
	File    string          // PATH_INFO included
	Target  string          // the part of it that By names; "" where By is a pattern
	Handler string          // that the file gets
	By      *conf.Directive // that leads there
}

// translated is a request whose URL was translated to a file, or which something
// else took.
type translated struct {
	question
	to    Translation
	taken *conf.Directive // a redirect, rule or proxy

	ruled string          // the handler of a rewrite rule, which overrides all others
	rule  *conf.Directive // that rule

	contextFolder, contextURL string // that an Alias or UserDir put together (ap_set_context_info)
}

// translate is what the server makes of the URL before it looks at files
// (ap_run_translate_name).
func (q question) translate(early *Settings) translated {
	if q.file != "" {
		return translated{question: q, to: Translation{File: q.file}}
	}
	w := q.rewriteServer(early)
	if w.taken {
		return translated{question: q, taken: w.rule.Directive}
	}
	uri := q.URI
	q = w.question
	t := translated{question: q, ruled: w.handler}
	if w.handler != "" {
		t.rule = w.rule.Directive
	}
	if w.file != "" {
		t.URI, t.to.File = uri, w.file // without PT the rule changes the file alone
		return t
	}
	at, byRoot := q.server.translateIn(early, q.URI, q.assume)
	if byRoot {
		if d := q.server.Last("VirtualDocumentRoot"); d != nil {
			at.to.File = q.virtualRoot(early, d)
		}
	}
	t.to, t.taken, t.contextFolder, t.contextURL = at.to, at.taken, at.contextFolder, at.contextURL
	return t
}

// place is where a URL leads.
type place struct {
	to                        Translation
	taken                     *conf.Directive
	contextFolder, contextURL string
}

// translateIn is translate after mod_rewrite. A Location with a ProxyPass,
// Redirect or Alias of its own goes before all others (mod_proxy:
// ap_proxy_trans_match, mod_alias: translate_alias_redir). byRoot is set where
// nothing but DocumentRoot led there.
func (s *Server) translateIn(early *Settings, uri string, assume Assume) (at place, byRoot bool) {
	for layer := range early.outermost() {
		if layer.Section == nil || !strings.HasPrefix(layer.Section.Name, "<Location") {
			continue
		}
		for d := range layer.Directives() {
			words := d.Words()
			takes := d.Is("ProxyPass") && len(words) > 0 && words[0] != "!" || d.Is("Redirect") && isOwnRedirect(words) || d.Is("ScriptAlias") && len(words) == 1
			leads := d.Is("Alias") && len(words) == 1
			switch {
			case !takes && !leads, !early.applies(layer, assume), !early.holds(d, assume):
			case takes:
				return place{taken: d}, false
			default:
				return place{to: Translation{File: words[0]}}, false
			}
		}
	}
	return s.translateURL(uri, assume)
}

// translateURL follows the translate_name hooks in their order: mod_proxy,
// mod_alias with redirects first, the module, mod_userdir and the DocumentRoot.
func (s *Server) translateURL(uri string, assume Assume) (at place, byRoot bool) {
	if d := cmp.Or(s.proxied(uri, assume), s.redirect(uri, assume)); d != nil {
		return place{taken: d}, false
	}
	if d, file := s.aliased(uri, assume); d != nil {
		if d.Is("ScriptAlias") || d.Is("ScriptAliasMatch") {
			return place{taken: d}, false
		}
		at := place{to: Translation{File: file}}
		if d.Is("Alias") {
			at.contextFolder, at.contextURL = d.Word(1), d.Word(0)
		}
		return at, false
	}
	if t, ok := s.Httpd.module.Translate(s, uri, assume); ok {
		return place{to: t}, false
	}
	if at, ok := s.userDir(uri); ok {
		return at, false
	}
	if root := s.DocumentRoot(); root != "" {
		return place{to: Translation{File: strings.TrimSuffix(root, "/") + uri}}, true
	}
	return place{}, true
}

// isOwnRedirect tells a Redirect without a URL path, for the Location that it
// stands in.
func isOwnRedirect(words []string) bool {
	return len(words) == 1 || len(words) == 2 && isRedirectStatus(words[0]) && strings.Contains(words[1], "://")
}

// Translate is where a URL leads for certain, and what takes it before it leads
// to a file.
func (s *Server) Translate(uri string) (t Translation, taken *conf.Directive) {
	at, _ := s.translateURL(uri, Certainly)
	return at.to, at.taken
}

// TakenBy is the directive of mod_proxy or mod_alias that takes a URL for
// certain before the module is asked, or nil.
func (s *Server) TakenBy(uri string) *conf.Directive {
	if d := cmp.Or(s.proxied(uri, Certainly), s.Redirect(uri)); d != nil {
		return d
	}
	d, _ := s.aliased(uri, Certainly)
	return d
}
