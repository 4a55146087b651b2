package wsgi

import (
	"path"
	"slices"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Server is one server of a configuration, the main one or a virtual host, with
// what it says of WSGI outside its sections, and which of its sections decide
// about applications. It does not change.
type Server struct {
	*request.Server         // its Level is what stands outside sections, but for scripts and Aliases
	main            *Server // nil for the main server itself

	// Aliases are its own script aliases in the order of the text. Those of the
	// main server are tried after them.
	Aliases []*Alias

	scripts  []*conf.Directive // daemon process groups and scripts that are imported
	folders  pathIndex         // of the outermost Directory sections, with the access that each gives
	deciding *placeIndex       // sections, also inner ones, that choose where requests run; nil for none
	handling *handling         // what leads to an application by its handler, also in sections; nil for none

	servedOnce sync.Once
	served     *servedFolders

	aliasesOnce sync.Once
	aliasIndex  *aliasIndex // of many own ones
}

// collect collects what a server says. scripts are the names of all handler
// scripts.
func (s *Server) collect(scripts map[string]bool) {
	var room [32]*conf.Directive // a list that grows would be a tenth of all memory
	level := room[:0]
	var found inSections
	for d := range s.Directives() {
		switch {
		case isSetting(d):
			level = append(level, d)
			found.addHandler(d, s.Httpd)
		case d.Is("WSGIDaemonProcess") || d.Is("WSGIImportScript"):
			s.scripts = append(s.scripts, d)
		case !d.IsSection():
			if a := newAlias(d, s.Config); a != nil && !s.Httpd.IsNever(d) {
				s.Aliases = append(s.Aliases, a)
			}
		case !d.Is("<VirtualHost"):
			found.collect(d, s.Httpd)
			if d.Is("<Directory") {
				s.folders.add(path.Clean(d.Word(0)), int(accessOf(d)))
			}
		}
	}
	s.Level = slices.Clone(level)
	s.folders.sort()
	s.handling = newHandling(found.handling, scripts)
	s.deciding = newPlaceIndex(found.deciding)
}

// isSetting tells what is neither a section nor adds one more to many: an alias,
// a group or a script. A server may have thousands of these, and each request
// looks through the settings.
func isSetting(d *conf.Directive) bool {
	return !d.IsSection() && !d.Is("WSGIScriptAlias") && !d.Is("WSGIScriptAliasMatch") && !d.Is("WSGIDaemonProcess") && !d.Is("WSGIImportScript")
}

// inSections is what the sections of a server hold that bears on applications.
type inSections struct {
	deciding []*conf.Directive // sections
	handling []*conf.Directive
}

// collect collects what a section and those inside it hold.
func (found *inSections) collect(section *conf.Directive, httpd *request.Httpd) {
	decides := false
	for d := range section.Children() {
		if d.IsSection() {
			found.collect(d, httpd)
			continue
		}
		decides = decides || decidesWhere(d)
		found.addHandler(d, httpd)
	}
	if decides {
		found.deciding = append(found.deciding, section)
	}
}

// decidesWhere tells the directives by which requests of one application run in another
// place than others.
func decidesWhere(d *conf.Directive) bool {
	return d.Is("WSGIProcessGroup") || d.Is("WSGIApplicationGroup") || d.Is("WSGIRestrictProcess") || d.Is("WSGIDispatchScript") || d.Is("WSGIHandlerScript")
}

// addHandler adds a directive that names a handler.
func (found *inSections) addHandler(d *conf.Directive, httpd *request.Httpd) {
	if name, _ := HandlerOf(d); name != "" && !httpd.IsNever(d) {
		found.handling = append(found.handling, d)
	}
}

// allAliases are the aliases in the order in which mod_wsgi tries them: the
// server's own before those of the main server (wsgi_merge_server_config), of which
// there are no more than most.
func (s *Server) allAliases(most int) []*Alias {
	if s.main == nil || len(s.main.Aliases) == 0 {
		return s.Aliases
	}
	return append(s.Aliases[:len(s.Aliases):len(s.Aliases)], first(s.main.Aliases, most)...)
}

// decidingAround are the sections of the main server and the server that choose
// where requests run, as far as they may be for a part of a place: no more than most
// of each.
func (s *Server) decidingAround(uri, file string, folder bool, most int) []*conf.Directive {
	own := s.deciding.around(uri, file, folder, most)
	if s.main == nil {
		return own
	}
	return append(s.main.deciding.around(uri, file, folder, most), own...)
}

// hasFolder tells whether a Directory section of the main server or the server
// is for a folder.
func (s *Server) hasFolder(name string) bool {
	return s.folders.has(name) || s.main != nil && s.main.folders.has(name)
}
