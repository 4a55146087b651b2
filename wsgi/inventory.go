package wsgi

import (
	"cmp"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// inventory finds the applications of one server: by its aliases in the order
// in which mod_wsgi tries them, then by the handlers that lead to one.
func (v *View) inventory(s *Server) []*Application {
	i := inventory{view: v, server: s, room: v.roomFor(s)}
	if !s.Server.Server.IsVirtual() && !v.mainServes() {
		return nil
	}
	i.aliases()
	i.handlers()
	return i.found
}

// inventory collects the applications of one server.
type inventory struct {
	view   *View
	server *Server
	found  []*Application
	told   map[entry]bool // of handlers
	room   int            // how much more is told apart of what multiplies; -1 where something is not
}

// sample is a sample request: what a request by the entry point looks like.
// inside is the directive or section that is known to apply.
func (i *inventory) sample(p part, given *conf.Condition, inside *conf.Directive) *request.Settings {
	port := i.view.ClientPort(i.server.Server.Server)
	client := request.Client{Host: i.server.Name, Port: port, PortNamed: port != 0, HTTPS: expr.Unknown}
	return i.server.Sample(conf.Request{URI: p.uri, File: p.file, Folder: p.folder}, client, given, inside)
}

// ask gives the application that answers a sample, by what serves it on one branch.
// Where branches differ in where it runs, only the request decides that. It is nil
// where none answers on any of them.
func (i *inventory) ask(sample *request.Settings, translated string, serve func(*wsgiRequest) *Application) *Application {
	var likely *Application
	same, port := true, sample.ServerPort()
	found := sample.FollowSample(translated, func(h *request.Handled) {
		a := serve(&wsgiRequest{Handled: h, view: i.view, server: i.server, isSample: true, port: port})
		switch {
		case a == nil:
		case likely == nil:
			likely = a
		default:
			same = same && likely.runsLike(a)
		}
	})
	if likely != nil && (!same || found.Open) && likely.Mode != Dynamic {
		likely.doubt(found.Doubt.By, found.Doubt.Reason)
	}
	return likely
}

// runsLike tells whether two applications of one entry point run in the same place,
// by the same directive.
func (a *Application) runsLike(other *Application) bool {
	return a.same(other.Verdict) && a.Via == other.Via
}

// ClientPort is the port in the server's URLs, 0 when it is not known.
func (v *View) ClientPort(s *conf.Server) int {
	if len(s.Addresses) > 0 {
		return cmp.Or(s.Addresses[0].Port, s.Port)
	}
	if listens := v.Listens(); s.Port == 0 && len(listens) > 0 {
		return listens[0].Port
	}
	return s.Port
}

func (i *inventory) aliases() {
	index := newAliasIndex(i.server.allAliases(i.room+1), i.view.Httpd)
	for n, alias := range index.list {
		if isInherited := n >= len(i.server.Aliases); isInherited && !i.takeRoom(alias.Directive, part{uri: alias.URLPath, file: alias.Target}, alias) {
			return
		}
		if index.shadowOf(n) == nil {
			i.alias(&index, n)
		}
	}
}

// alias adds what the alias of that number mounts, and each part of it that
// runs elsewhere.
func (i *inventory) alias(index *aliasIndex, number int) {
	alias := index.list[number]
	uri, file, folder := alias.URLPath, alias.Target, i.isFolder(alias.Target)
	if alias.IsMatch {
		uri = expr.LiteralStart(alias.URLPath)
		if strings.Contains(file, "$") {
			file, folder = path.Dir(file[:strings.IndexByte(file, '$')]+"x"), true
		}
	}
	base := i.add(part{uri, file, folder}, alias, alias.Directive, alias.URLPath, nil)
	for _, section := range i.server.decidingAround(uri, file, folder, i.room+1) {
		if !i.takeRoom(section, part{uri, file, folder}, alias) {
			return
		}
		p, ok := partOf(section, uri, file, folder)
		if !ok || !index.isFree(p.uri, number) {
			continue
		}
		mount := cmp.Or(p.uri, alias.URLPath)
		p.uri = cmp.Or(p.uri, uri)
		i.add(p, alias, section, mount, base)
	}
}

// add adds the application that answers where inside applies, unless it runs where
// base does.
func (i *inventory) add(p part, alias *Alias, inside *conf.Directive, mount string, base *Application) *Application {
	a := i.ask(i.sample(p, alias.Unknown, inside), wsgiScript, func(q *wsgiRequest) *Application {
		if !p.folder && !alias.IsMatch {
			q.script, q.scriptKnown = request.ScriptName(alias.URLPath), true
		}
		return q.serve(alias)
	})
	if a == nil || base != nil && a.runsLike(base) {
		return a
	}
	a.Mount = mount
	i.found = append(i.found, a)
	return a
}

// isFolder tells whether a script alias leads to a folder, as far as the text
// shows it: by a slash at its end, or by a Directory section of that name. A
// name with an extension is taken for a file in any case.
func (i *inventory) isFolder(target string) bool {
	clean := path.Clean(target)
	if path.Ext(clean) != "" {
		return false
	}
	if strings.HasSuffix(target, "/") {
		return true
	}
	return i.server.hasFolder(clean)
}
