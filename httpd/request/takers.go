package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// takers are the directives of one kind outside the sections of a server, such
// as redirects. The first one in effect that fits takes a URI.
type takers struct {
	list     []*conf.Directive
	paths    URLPaths          // numbers of those with a URL path
	patterns expr.LiteralIndex // numbers of those with a regular expression
}

// takerKind is one of the lists in which the modules keep theirs.
type takerKind int

const (
	noTaker takerKind = iota
	proxyTaker
	redirectTaker
	aliasTaker
	takerKinds
)

// kindOfTaker tells which kind a directive is, and by what it takes URIs: a URL
// path or a regular expression.
func kindOfTaker(d *conf.Directive) (kind takerKind, by string, isPattern bool) {
	switch {
	case d.Is("ProxyPass") && len(d.Words()) > 1:
		return proxyTaker, d.Word(0), false
	case d.Is("ProxyPassMatch"):
		return proxyTaker, d.Word(0), true
	case d.Is("Alias") || d.Is("ScriptAlias"):
		return aliasTaker, d.Word(0), false
	case d.Is("AliasMatch") || d.Is("ScriptAliasMatch"):
		return aliasTaker, d.Word(0), true
	case strings.HasPrefix(d.Name, "Redirect"):
		by, ok := redirectFrom(d)
		if !ok {
			return noTaker, "", false
		}
		return redirectTaker, by, d.Is("RedirectMatch")
	}
	return noTaker, "", false
}

// takerNames are the directives of each kind.
var takerNames = [takerKinds][]string{
	proxyTaker:    {"ProxyPass", "ProxyPassMatch"},
	redirectTaker: {"Redirect", "RedirectMatch", "RedirectPermanent", "RedirectTemp"},
	aliasTaker:    {"Alias", "ScriptAlias", "AliasMatch", "ScriptAliasMatch"},
}

// hasTakers tells whether any server has directives of a kind: most
// configurations have no proxy, and would look for one at each URI.
func (h *Httpd) hasTakers(kind takerKind) bool {
	h.takerKindsOnce.Do(func() {
		for kind, names := range takerNames {
			h.takerKinds[kind] = slices.ContainsFunc(names, h.Config.Has)
		}
	})
	return h.takerKinds[kind]
}

// takersOf are those of a kind that stand in the server itself, looked up once.
func (s *Server) takersOf(kind takerKind) *takers {
	s.takersOnce.Do(func() { s.takers = newTakers(s) })
	return &s.takers[kind]
}

func newTakers(s *Server) *[takerKinds]takers {
	var all [takerKinds]takers
	var paths [takerKinds][]URLPath
	for _, d := range s.Level {
		kind, by, isPattern := kindOfTaker(d)
		if kind == noTaker {
			continue
		}
		t := &all[kind]
		if isPattern {
			t.patterns.Add(len(t.list), s.Config.NeededBy(by, ""))
		} else {
			paths[kind] = append(paths[kind], URLPath{by, len(t.list)})
		}
		t.list = append(t.list, d)
	}
	for kind := range all {
		all[kind].paths = NewURLPaths(paths[kind])
	}
	return &all
}

// taking are the directives of a kind that are in effect and take a URI, the
// server's own before those of the main server, as modules search them that
// merge their lists like that.
func (s *Server) taking(kind takerKind, uri string, assume Assume) func(yield func(*conf.Directive) bool) {
	return func(yield func(*conf.Directive) bool) {
		if !s.Httpd.hasTakers(kind) {
			return
		}
		for at := s; at != nil; at = at.Main {
			may := at.Level
			if at.IsLarge() {
				may = at.byIndex(kind, uri)
			}
			for _, d := range may {
				if s.takes(kind, d, uri, assume) && at.IsInEffect(d, assume) && !yield(d) {
					return
				}
			}
		}
	}
}

// byIndex are those of a kind in the server itself that may take a URI.
func (s *Server) byIndex(kind takerKind, uri string) []*conf.Directive {
	t := s.takersOf(kind)
	var found []*conf.Directive
	for n := range expr.InOrder(append(t.paths.Taking(uri), t.patterns.Near(uri)...)) {
		found = append(found, t.list[n])
	}
	return found
}

// takes tells whether a directive is of a kind and takes a URI where it is in
// effect.
func (s *Server) takes(kind takerKind, d *conf.Directive, uri string, assume Assume) bool {
	of, by, isPattern := kindOfTaker(d)
	switch {
	case of != kind:
		return false
	case isPattern:
		return s.matches(d, by, uri, assume)
	}
	return MatchURLPath(uri, by) > 0
}

// stepsToTake are those of telling whether a directive takes a URI.
func (s *Server) stepsToTake(d *conf.Directive, uri string) int {
	_, by, isPattern := kindOfTaker(d)
	if !isPattern {
		return stepsOf(uri)
	}
	return stepsOf(uri) + stepsToMatch(s.Config.CostOf(by, ""), uri)
}

// matches tells whether a pattern of a directive matches a URI.
func (s *Server) matches(d *conf.Directive, pattern, uri string, assume Assume) bool {
	_, matches := s.Config.Match(pattern, "", uri)
	return matches == expr.True || matches == expr.Unknown && assume(Doubt{By: d, Reason: expr.Beyond{Kind: expr.Pattern, Subject: pattern}})
}
