package wsgi

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Alias is one WSGIScriptAlias or WSGIScriptAliasMatch.
type Alias struct {
	*conf.Directive
	URL     string         // the URL path, or the regular expression of a Match
	Target  string         // the script or folder
	Regexp  *regexp.Regexp // of a Match; nil when Go cannot read it
	IsMatch bool
	Options conf.RawOptions

	needed string // what each URI that a Match takes holds; empty where that is not known
}

func newAlias(d *conf.Directive, config *conf.Config) *Alias {
	words, options, _ := conf.SplitRaw(d.Args, 2)
	if len(words) < 2 {
		return nil // refused by httpd
	}
	a := &Alias{Directive: d, URL: words[0], Target: words[1], Options: options}
	if a.IsMatch = d.Is("WSGIScriptAliasMatch"); a.IsMatch {
		a.Regexp, _ = config.Regexp(a.URL, "")
		a.needed = config.NeededBy(a.URL, "")
	}
	return a
}

// match tells whether the alias takes a request, and gives the file name that
// the request is translated to, PATH_INFO included (wsgi_hook_intercept).
func (a *Alias) match(uri string) (filename string, ok bool) {
	if !a.IsMatch {
		length := request.MatchURLPath(uri, a.URL)
		if length == 0 {
			return "", false
		}
		if a.URL == "/" {
			return a.Target + uri, true
		}
		return a.Target + uri[length:], true
	}
	if a.Regexp == nil {
		return "", false
	}
	at := a.Regexp.FindStringSubmatchIndex(uri)
	if at == nil || at[1] == 0 {
		return "", false
	}
	target, ok := request.Substitute(a.Target, uri, at)
	if !ok {
		return "", false // httpd answers 500
	}
	if uri[:at[1]] == "/" {
		return target + uri, true
	}
	return target + uri[at[1]:], true
}

// fewAliases are tried one after the other.
const fewAliases = 16

// taking are the server's own aliases that may take a URI, in the order in which
// mod_wsgi tries them. Of many they are found by index.
func (s *Server) taking(uri string) iter.Seq[*Alias] {
	if len(s.Aliases) <= fewAliases {
		return slices.Values(s.Aliases)
	}
	s.aliasesOnce.Do(func() {
		index := newAliasIndex(s.Aliases, s.Httpd)
		s.aliasIndex = &index
	})
	return s.aliasIndex.taking(uri)
}

// aliasesFor are the aliases that may take a URI, those of the main server last
// (wsgi_merge_server_config).
func (s *Server) aliasesFor(uri string) iter.Seq[*Alias] {
	return func(yield func(*Alias) bool) {
		for at := s; at != nil; at = at.main {
			for alias := range at.taking(uri) {
				if !yield(alias) {
					return
				}
			}
		}
	}
}

// MountOf is the alias, other than one for all URIs, that would take the
// result of a rewrite rule, as far as it is plain text.
func (s *Server) MountOf(target string) *Alias {
	if end := strings.IndexAny(target, "$%?"); end >= 0 {
		target = target[:end]
	}
	for alias := range s.aliasesFor(target) {
		if !alias.IsMatch && alias.URL != "/" && request.MatchURLPath(target, alias.URL) > 0 {
			return alias
		}
	}
	return nil
}
