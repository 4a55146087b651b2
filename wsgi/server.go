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
	deciding []*conf.Directive // sections, also inner ones, that choose where requests run
	handling []*conf.Directive // what names a handler, also in sections
	index    *placeIndex       // of deciding

	servedOnce sync.Once
	served     *servedFolders

	aliasesOnce sync.Once
	aliasIndex  *aliasIndex // of many own ones

	handlingIn  pathIndex // numbers of handling by the folder that they are for
	handlingAll []int     // those that are for no one folder
}

// newServer collects what a server says. scripts are the names of all handler
// scripts.
func newServer(s *conf.Server, httpd *request.Httpd, main *Server, scripts map[string]bool) *Server {
	server := &Server{
		Server: &request.Server{Server: s, Httpd: httpd},
		main:   main,
	}
	if main != nil {
		server.Main = main.Server
	}
	var room [32]*conf.Directive // a list that grows would be a tenth of all memory
	level := room[:0]
	for d := range s.Directives() {
		switch {
		case isSetting(d):
			level = append(level, d)
			server.collectHandler(d)
		case d.Is("WSGIDaemonProcess") || d.Is("WSGIImportScript"):
			server.scripts = append(server.scripts, d)
		case !d.IsSection():
			if a := newAlias(d, s.Config); a != nil && !httpd.IsNever(d.Unknown) {
				server.Aliases = append(server.Aliases, a)
			}
		case !d.Is("<VirtualHost"):
			server.collect(d)
			if d.Is("<Directory") {
				server.folders.add(path.Clean(d.Word(0)), int(accessOf(d)))
			}
		}
	}
	server.Level = slices.Clone(level)
	server.folders.sort()
	server.dropPlain(scripts)
	server.index = newPlaceIndex(server.deciding)
	return server
}

// isSetting tells what is neither a section nor adds one more to many: an alias,
// a group or a script. A server may have thousands of these, and each request
// looks through the settings.
func isSetting(d *conf.Directive) bool {
	return !d.IsSection() && !d.Is("WSGIScriptAlias") && !d.Is("WSGIScriptAliasMatch") && !d.Is("WSGIDaemonProcess") && !d.Is("WSGIImportScript")
}

// collect collects what a section and those inside it hold.
func (s *Server) collect(section *conf.Directive) {
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

func (s *Server) collectHandler(d *conf.Directive) {
	if name, _ := HandlerOf(d); name != "" && !s.Httpd.IsNever(d.Unknown) {
		s.handling = append(s.handling, d)
	}
}

// allAliases are the aliases in the order in which mod_wsgi tries them: the
// server's own before those of the main server (wsgi_merge_server_config).
func (s *Server) allAliases() []*Alias {
	if s.main == nil || len(s.main.Aliases) == 0 {
		return s.Aliases
	}
	return append(s.Aliases[:len(s.Aliases):len(s.Aliases)], s.main.Aliases...)
}

// decidingAround are the sections of the main server and the server that choose
// where requests run, as far as they may be for a part of a place.
func (s *Server) decidingAround(uri, file string, folder bool) []*conf.Directive {
	own := s.index.around(uri, file, folder)
	if s.main == nil {
		return own
	}
	return append(s.main.index.around(uri, file, folder), own...)
}

// hasFolder tells whether a Directory section of the main server or the server
// is for a folder.
func (s *Server) hasFolder(name string) bool {
	return s.folders.has(name) || s.main != nil && s.main.folders.has(name)
}
