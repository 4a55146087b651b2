package wsgi

import (
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Alias is one WSGIScriptAlias or WSGIScriptAliasMatch.
type Alias struct {
	*conf.Directive
	URLPath string // that it takes, or the regular expression of a Match
	Target  string // the script or folder
	IsMatch bool
	Options conf.RawOptions

	config *conf.Config
	needed string // what each URI that a Match takes holds; empty where that is not known
}

// scriptExtensions are those of the files that aliases name.
var scriptExtensions = []string{".py", ".wsgi"}

func newAlias(d *conf.Directive, config *conf.Config) *Alias {
	words, options, _ := conf.SplitRaw(d.Args, 2)
	if len(words) < 2 {
		return nil // refused by httpd
	}
	a := &Alias{Directive: d, URLPath: words[0], Target: words[1], Options: options.BehindName(words[1], scriptExtensions...), config: config}
	if a.IsMatch = d.Is("WSGIScriptAliasMatch"); a.IsMatch {
		a.needed = config.NeededBy(a.URLPath, "")
	}
	return a
}

// match tells whether the alias takes a request, and gives the file name that
// the request is translated to, PATH_INFO included (wsgi_hook_intercept): where
// whether it takes it is not known, without what groups of the regular expression
// would catch.
func (a *Alias) match(uri string) (filename string, takes expr.Truth) {
	if !a.IsMatch {
		length := request.MatchURLPath(uri, a.URLPath)
		if length == 0 {
			return "", expr.False
		}
		if a.URLPath == "/" {
			return a.Target + uri, expr.True
		}
		return a.Target + uri[length:], expr.True
	}
	at, takes := a.config.Match(a.URLPath, "", uri)
	if takes == expr.True && at[1] == 0 {
		return "", expr.False
	}
	target, ok := request.Substitute(a.Target, uri, at)
	switch {
	case !ok:
		return "", expr.False // httpd answers 500
	case takes != expr.True:
		return target, takes
	case uri[:at[1]] == "/":
		return target + uri, takes
	}
	return target + uri[at[1]:], takes
}

// matchDoubt is why it is not known whether a Match takes a URL.
func (a *Alias) matchDoubt() request.Doubt {
	return request.Doubt{By: a.Directive, Reason: expr.Beyond{Kind: expr.Pattern, Subject: a.URLPath}}
}

// hasScript tells whether a Match leads to one script, whatever its groups catch:
// they stand behind it.
func (a *Alias) hasScript() bool {
	plain, _, caught := strings.Cut(a.Target, "$")
	return !caught || strings.HasSuffix(plain, "/") && path.Ext(plain[:len(plain)-1]) != ""
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
		if !alias.IsMatch && alias.URLPath != "/" && request.MatchURLPath(target, alias.URLPath) > 0 {
			return alias
		}
	}
	return nil
}
