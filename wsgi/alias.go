package wsgi

import (
	"regexp"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Alias is one WSGIScriptAlias or WSGIScriptAliasMatch.
type Alias struct {
	*conf.Directive
	URL     string         // the URL path, or the regular expression of a Match
	Target  string         // the script or folder
	Regexp  *regexp.Regexp // of a Match; nil when Go cannot read it
	IsMatch bool
	Options Options
}

func newAlias(d *conf.Directive, config *conf.Config) *Alias {
	words, options, _ := splitOptions(d.Args, 2)
	if len(words) < 2 {
		return nil // refused by httpd
	}
	a := &Alias{Directive: d, URL: words[0], Target: words[1], Options: options}
	if a.IsMatch = d.Is("WSGIScriptAliasMatch"); a.IsMatch {
		a.Regexp, _ = config.Regexp(a.URL, "")
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

// MountOf is the alias, other than one for all URLs, that would take the
// result of a rewrite rule, as far as it is plain text.
func (s *Server) MountOf(target string) *Alias {
	if end := strings.IndexAny(target, "$%?"); end >= 0 {
		target = target[:end]
	}
	aliases := s.allAliases()
	s.mountsOnce.Do(func() {
		var paths []request.URLPath
		for n, alias := range aliases {
			if !alias.IsMatch && alias.URL != "/" {
				paths = append(paths, request.URLPath{Text: alias.URL, Number: n})
			}
		}
		s.mounts = request.NewURLPaths(paths)
	})
	for n := range expr.InOrder(s.mounts.Taking(target)) {
		return aliases[n]
	}
	return nil
}
