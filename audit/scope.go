package audit

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// scope is what one server says outside its sections, and which of its sections
// decide about WSGI applications.
type scope struct {
	server *httpdconf.Server
	main   *scope // that of the main server; nil for the main server itself

	level    []*httpdconf.Directive // outside sections, in the order of the text
	sections []*httpdconf.Directive // the outermost ones, without virtual hosts
	deciding []*httpdconf.Directive // sections, also inner ones, that choose where requests run
	handling []*httpdconf.Directive // what names a handler, also in sections
	aliases  []*Alias               // own ones; those of the main server follow them
}

// newScope collects what a server says. scripts are the names of all handler
// scripts.
func newScope(s *httpdconf.Server, main *scope, scripts map[string]bool) *scope {
	scope := &scope{server: s, main: main}
	scope.level, scope.sections = parted(s)
	for d := range s.Directives() {
		switch {
		case !d.IsSection():
			scope.collectHandler(d)
		case !d.Is("<VirtualHost"):
			scope.collect(d)
		}
		if d.Is("WSGIScriptAlias") || d.Is("WSGIScriptAliasMatch") {
			if a := newAlias(d, s.Config); a != nil && !isNever(d.Unknown) {
				scope.aliases = append(scope.aliases, a)
			}
		}
	}
	scope.dropPlain(scripts)
	return scope
}

// parted are the directives outside the sections of a server, and its outermost
// sections. They are counted first: a large server has many, and the room that a
// list grows by would be a tenth of all memory.
func parted(s *httpdconf.Server) (level, sections []*httpdconf.Directive) {
	plain, opened := 0, 0
	for d := range s.Directives() {
		switch {
		case !d.IsSection():
			plain++
		case !d.Is("<VirtualHost"):
			opened++
		}
	}
	level, sections = make([]*httpdconf.Directive, 0, plain), make([]*httpdconf.Directive, 0, opened)
	for d := range s.Directives() {
		switch {
		case !d.IsSection():
			level = append(level, d)
		case !d.Is("<VirtualHost"):
			sections = append(sections, d)
		}
	}
	return level, sections
}

// collect collects what a section and those inside it hold.
func (s *scope) collect(section *httpdconf.Directive) {
	decides := false
	for d := range section.Children() {
		if d.IsSection() {
			s.collect(d)
			continue
		}
		decides = decides || d.Is("WSGIProcessGroup") || d.Is("WSGIRestrictProcess") || d.Is("WSGIDispatchScript")
		s.collectHandler(d)
	}
	if decides {
		s.deciding = append(s.deciding, section)
	}
}

func (s *scope) collectHandler(d *httpdconf.Directive) {
	if name, _ := handlerOf(d); name != "" && !isNever(d.Unknown) {
		s.handling = append(s.handling, d)
	}
}

// levels are the directives outside sections that hold for the server, lowest
// precedence first.
func (s *scope) levels() [][]*httpdconf.Directive {
	if s.main == nil {
		return [][]*httpdconf.Directive{s.level}
	}
	return [][]*httpdconf.Directive{s.main.level, s.level}
}

// allAliases are the aliases in the order in which mod_wsgi tries them: the
// server's own before those of the main server (wsgi_merge_server_config).
func (s *scope) allAliases() []*Alias {
	if s.main == nil || len(s.main.aliases) == 0 {
		return s.aliases
	}
	return append(s.aliases[:len(s.aliases):len(s.aliases)], s.main.aliases...)
}

// allSections are the outermost sections of the main server and the server.
func (s *scope) allSections() []*httpdconf.Directive {
	if s.main == nil {
		return s.sections
	}
	return append(s.main.sections[:len(s.main.sections):len(s.main.sections)], s.sections...)
}

// allDeciding are the sections of the main server and the server that choose
// where requests run.
func (s *scope) allDeciding() []*httpdconf.Directive {
	if s.main == nil || len(s.main.deciding) == 0 {
		return s.deciding
	}
	return append(s.main.deciding[:len(s.main.deciding):len(s.main.deciding)], s.deciding...)
}

// last is the last directive of a name outside sections that holds for the
// server: its own before the main server's. It is nil where there is none.
func (s *scope) last(name string) *httpdconf.Directive {
	for _, d := range slices.Backward(s.level) {
		if d.Is(name) && !isNever(d.Unknown) {
			return d
		}
	}
	if s.main != nil {
		return s.main.last(name)
	}
	return nil
}

// isNever tells whether a condition leaves out what it holds although it was
// not decided: <IfModule !mod_wsgi.c>, since what is asked here is what happens
// where mod_wsgi is loaded.
func isNever(c *httpdconf.Condition) bool {
	for ; c != nil; c = c.Outer {
		if module, ok := strings.CutPrefix(strings.ToLower(c.Section), "ifmodule !"); ok && isWSGIModule(module) {
			return true
		}
	}
	return false
}

// isGiven tells whether a condition is taken for granted: that mod_wsgi is
// loaded.
func isGiven(c *httpdconf.Condition) bool {
	module, ok := strings.CutPrefix(strings.ToLower(c.Section), "ifmodule ")
	return ok && isWSGIModule(module)
}

func isWSGIModule(name string) bool {
	switch strings.Trim(name, `"' `) {
	case "wsgi_module", "mod_wsgi.c", "mod_wsgi", "mod_wsgi.so":
		return true
	}
	return false
}

// undecided is the innermost condition of c that is not taken for granted and
// not among those of given, within which the question is asked. It is nil where
// nothing stands in doubt.
func undecided(c, given *httpdconf.Condition) *httpdconf.Condition {
	for ; c != nil; c = c.Outer {
		if !isGiven(c) && !encloses(c, given) {
			return c
		}
	}
	return nil
}

func encloses(c, inner *httpdconf.Condition) bool {
	for ; inner != nil; inner = inner.Outer {
		if inner == c {
			return true
		}
	}
	return false
}
