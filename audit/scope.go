package audit

import (
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// scope is what one server says outside its sections, and which of its sections
// decide about WSGI applications.
type scope struct {
	server *httpdconf.Server
	main   *scope // that of the main server; nil for the main server itself

	level    []*httpdconf.Directive // outside sections, in the order of the text, but for these:
	scripts  []*httpdconf.Directive // daemon process groups and scripts that are imported
	aliases  []*Alias               // own ones; those of the main server follow them
	folders  map[string]bool        // of the outermost Directory sections
	deciding []*httpdconf.Directive // sections, also inner ones, that choose where requests run
	handling []*httpdconf.Directive // what names a handler, also in sections
	index    *placeIndex            // of deciding

	handlingIn  pathIndex // numbers of handling by the folder that they are for
	handlingAll []int     // those that are for no one folder
}

// newScope collects what a server says. scripts are the names of all handler
// scripts.
func newScope(s *httpdconf.Server, main *scope, scripts map[string]bool) *scope {
	plain, folders := counted(s)
	scope := &scope{server: s, main: main, level: make([]*httpdconf.Directive, 0, plain), folders: make(map[string]bool, folders)}
	for d := range s.Directives() {
		switch {
		case isSetting(d):
			scope.level = append(scope.level, d)
			scope.collectHandler(d)
		case d.Is("WSGIDaemonProcess") || d.Is("WSGIImportScript"):
			scope.scripts = append(scope.scripts, d)
		case !d.IsSection():
			if a := newAlias(d, s.Config); a != nil && !isNever(d.Unknown) {
				scope.aliases = append(scope.aliases, a)
			}
		case !d.Is("<VirtualHost"):
			scope.collect(d)
			if d.Is("<Directory") {
				scope.folders[path.Clean(d.Word(0))] = true
			}
		}
	}
	scope.dropPlain(scripts)
	scope.index = newPlaceIndex(scope.deciding)
	return scope
}

// isSetting tells what is neither a section nor adds one more to many: an alias,
// a group or a script. A server may have thousands of these, and each request
// looks through the settings.
func isSetting(d *httpdconf.Directive) bool {
	return !d.IsSection() && !d.Is("WSGIScriptAlias") && !d.Is("WSGIScriptAliasMatch") && !d.Is("WSGIDaemonProcess") && !d.Is("WSGIImportScript")
}

// counted are how many settings and Directory sections a server has: a large one
// has many, and the room that a list grows by would be a tenth of all memory.
func counted(s *httpdconf.Server) (settings, folders int) {
	for d := range s.Directives() {
		switch {
		case isSetting(d):
			settings++
		case d.Is("<Directory"):
			folders++
		}
	}
	return settings, folders
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

// decidingAround are the sections of the main server and the server that choose
// where requests run, as far as they may be for a part of a place.
func (s *scope) decidingAround(uri, file string, folder bool) []*httpdconf.Directive {
	own := s.index.around(uri, file, folder)
	if s.main == nil {
		return own
	}
	return append(s.main.index.around(uri, file, folder), own...)
}

// hasFolder tells whether a Directory section of the main server or the server
// is for a folder.
func (s *scope) hasFolder(name string) bool {
	return s.folders[name] || s.main != nil && s.main.folders[name]
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
