package request

import (
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Server is one server of a configuration, the main one or a virtual host, with
// what it says outside of sections.
type Server struct {
	*conf.Server
	Httpd *Httpd
	Main  *Server           // nil for the main server itself
	Level []*conf.Directive // outside sections, in the order of the text

	rulesOnce, mergedOnce sync.Once
	rules                 *ruleSet // of mod_rewrite, outside of sections; nil where some may not be in effect
	merged                *ruleSet // these, with those of the main server; nil likewise

	insideOnce sync.Once
	inside     bool // a section of the server has directives of mod_rewrite

	numbersOnce sync.Once
	numbers     map[string][]int32 // of many of Level, by their names in lower case

	takersOnce sync.Once
	takers     *[takerKinds]takers
}

// Given is the condition around the whole server.
func (s *Server) Given() *conf.Condition {
	if s.Section == nil {
		return nil
	}
	return s.Section.Unknown
}

// levels are the directives outside sections that hold for the server, lowest
// precedence first: at least those of these names.
func (s *Server) levels(names ...string) [][]*conf.Directive {
	if s.Main == nil {
		return [][]*conf.Directive{s.level(names...)}
	}
	return [][]*conf.Directive{s.Main.level(names...), s.level(names...)}
}

// fewSettings are looked through for each name and each URI.
const fewSettings = 64

// IsLarge tells whether the server has so many directives outside sections that
// they are looked up by index.
func (s *Server) IsLarge() bool { return len(s.Level) > fewSettings }

// level are the server's own directives outside sections, at least those of
// these names: of a server that has many only those.
func (s *Server) level(names ...string) []*conf.Directive {
	if !s.IsLarge() || len(names) == 0 {
		return s.Level
	}
	s.numbersOnce.Do(func() {
		s.numbers = map[string][]int32{}
		for i, d := range s.Level {
			name := strings.ToLower(d.Name)
			s.numbers[name] = append(s.numbers[name], int32(i))
		}
	})
	lists := make([][]int32, len(names))
	count := 0
	for i, name := range names {
		lists[i] = s.numbers[strings.ToLower(name)]
		count += len(lists[i])
	}
	found := make([]*conf.Directive, 0, count)
	for i := range expr.InOrder(lists) {
		found = append(found, s.Level[i])
	}
	return found
}

// Last is the last directive of a name outside sections that holds for the
// server: its own before the main server's. It is nil where there is none.
func (s *Server) Last(name string) *conf.Directive {
	for _, d := range slices.Backward(s.level(name)) {
		if d.Is(name) && !s.Httpd.IsNever(d) {
			return d
		}
	}
	if s.Main != nil {
		return s.Main.Last(name)
	}
	return nil
}

// IsInEffect tells whether a directive outside sections is in effect.
func (s *Server) IsInEffect(d *conf.Directive, assume Assume) bool {
	return s.Httpd.holds(d, s.Given(), assume)
}

// Certain are the directives outside sections that are in effect for certain and have
// one of these names, the server's own before those of the main server.
func (s *Server) Certain(names ...string) func(yield func(*conf.Directive) bool) {
	return func(yield func(*conf.Directive) bool) {
		for at := s; at != nil; at = at.Main {
			for _, d := range at.level(names...) {
				if isOneOf(d, names) && at.IsInEffect(d, Certainly) && !yield(d) {
					return
				}
			}
		}
	}
}

func isOneOf(d *conf.Directive, names []string) bool {
	for _, name := range names {
		if d.Is(name) {
			return true
		}
	}
	return false
}

// DocumentRoot is the folder of its files, or "".
func (s *Server) DocumentRoot() string {
	if d := s.Last("DocumentRoot"); d != nil {
		return d.Word(0)
	}
	return ""
}
