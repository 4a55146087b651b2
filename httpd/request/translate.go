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
	Doubt   *Doubt          // why File is not known; nil where it is
}

// translated is a request whose URI was translated to a file, or which something
// else took.
type translated struct {
	received
	to     Translation
	noted  []*conf.Directive // that led to it, or to what it took the place of: the last first
	taken  *conf.Directive   // a redirect, rule or proxy
	status int               // that it ends the request with, 0 where that is not known

	forced forced // by rewrite rules

	isTooLong bool // DocumentRoot makes a name of it that no file can have

	contextFolder, contextURL string // that an Alias or UserDir put together (ap_set_context_info)
}

// translate is what the server makes of the URI before it looks at files
// (ap_run_translate_name).
func (q received) translate(early *Settings) translated {
	if q.file != "" {
		return translated{received: q, to: Translation{File: q.file}}
	}
	w := q.rewriteServer(early)
	if w.taken {
		return translated{received: q, taken: w.rule.Directive, status: w.status}
	}
	uri := q.URI
	q = w.received
	t := translated{received: q, forced: w.forced}
	if w.file != "" {
		t.URI, t.to.File = uri, w.file // without PT the rule changes the file alone
		return t
	}
	at := q.server.translateURI(early, q.URI, q.assume)
	if d := q.server.Last("VirtualDocumentRoot"); d != nil && at.byRoot && !strings.EqualFold(d.Word(0), "none") {
		at.to.File, at.isTooLong = q.virtualRoot(early, d), false
	}
	t.to, t.taken, t.status, t.contextFolder, t.contextURL, t.isTooLong = at.to, at.taken, at.status, at.contextFolder, at.contextURL, at.isTooLong
	if unknown := t.to.Doubt; unknown != nil {
		q.isUnknown(unknown.By, unknown.Reason)
	}
	if t.to.By != nil {
		t.noted = []*conf.Directive{t.to.By}
	}
	return t
}

// place is where a URI leads.
type place struct {
	to                        Translation
	taken                     *conf.Directive // a redirect or proxy
	status                    int             // of the redirect
	alias                     *conf.Directive // of mod_alias that leads there
	byRoot                    bool            // nothing but DocumentRoot led there
	isTooLong                 bool            // which makes a name that no file can have
	contextFolder, contextURL string
}

// translateURL follows the translate_name hooks in their order: mod_proxy,
// mod_alias with redirects first, the module, mod_userdir and the DocumentRoot.
// What a Location says for itself goes before what the server says for many
// (proxy_trans, translate_alias_redir).
func (s *Server) translateURI(early *Settings, uri string, assume Assume) place {
	if d := s.proxied(early, uri, assume); d != nil {
		return place{taken: d}
	}
	if d := cmp.Or(early.own(isOwnRedirect, assume, ownRedirects...), s.redirect(uri, assume)); d != nil {
		return place{taken: d, status: redirectStatus(d)}
	}
	if d := early.own(isOwnAlias, assume, "Alias", "ScriptAlias"); d != nil {
		if at := early.placeOfOwn(d, uri, assume); !isTooLong(at.to.File) {
			return at
		}
	} else if d := s.aliased(uri, assume); d != nil {
		if at := s.placeOf(d, uri); !isTooLong(at.to.File) {
			return at
		}
	}
	if t, ok := s.Httpd.module.Translate(s, uri, assume); ok {
		return place{to: t}
	}
	if at, ok := s.userDir(uri); ok {
		return at
	}
	if root := strings.TrimSuffix(s.DocumentRoot(), "/"); s.DocumentRoot() != "" {
		return place{to: Translation{File: root + uri}, byRoot: true, isTooLong: isTooLong(root + strings.TrimPrefix(uri, "/"))}
	}
	return place{byRoot: true}
}

// Translate is where a URI leads for certain, and what takes it before it leads
// to a file.
func (s *Server) Translate(uri string) (t Translation, taken *conf.Directive) {
	at := s.translateURI(s.withoutSections(), uri, Certainly)
	if at.alias != nil && isScriptAlias(at.alias) {
		return Translation{}, at.alias
	}
	return at.to, at.taken
}

// TakenBy is the directive of mod_proxy or mod_alias that takes a URI for
// certain before the module is asked, or nil.
func (s *Server) TakenBy(uri string) *conf.Directive {
	proxied := s.proxied(s.withoutSections(), uri, Certainly)
	return cmp.Or(proxied, s.Redirect(uri), s.aliased(uri, Certainly))
}

// withoutSections are the settings of the server for no request in particular.
func (s *Server) withoutSections() *Settings { return &Settings{Server: s, given: s.Given()} }
