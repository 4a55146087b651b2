package wsgi

import (
	"cmp"
	"path"
	"slices"
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
	told   map[entry]bool
	room   int // how much more is told apart of what multiplies; -1 where something is not
}

// sample are the settings of a request by the entry point, which stands for all of
// these. inside is the directive or section that is known to apply.
func (i *inventory) sample(p part, given *conf.Condition, inside *conf.Directive) *request.Settings {
	port := i.view.ClientPort(i.server.Server.Server)
	client := request.Client{Host: i.server.Name, Port: port, PortNamed: port != 0, HTTPS: expr.Unknown}
	extent := conf.Below
	if p.isStart {
		extent = conf.Beginning
	}
	return i.server.Sample(conf.Request{URI: p.uri, File: p.file, Folder: p.folder, Extent: extent}, client, given, inside)
}

// way is what answers the requests by an entry point to which the same sections with a
// pattern or condition apply.
type way struct {
	sections []*conf.Directive
	*Application
}

// ask gives the applications that answer the requests by an entry point: first the one
// without any section that each request decides on, and then those by such sections,
// by what serves them on one branch. Where branches of one of them differ in where it
// runs, only the request decides that. There is none where none answers on any branch.
func (i *inventory) ask(sample *request.Settings, translated string, serve func(*wsgiRequest) *Application) []way {
	var ways []way
	port := sample.ServerPort()
	found := sample.FollowSample(translated, func(h *request.Handled) {
		a := serve(&wsgiRequest{Handled: h, view: i.view, server: i.server, isSample: true, port: port})
		if a == nil {
			return
		}
		sections, doubt := h.Chosen()
		n := slices.IndexFunc(ways, func(w way) bool { return slices.Equal(w.sections, sections) })
		switch {
		case n < 0:
			a.ChosenBy = a.decidingOf(sections)
			ways = append(ways, way{sections, a})
		case ways[n].Mode != Dynamic && !ways[n].runsLike(a) && doubt != nil:
			ways[n].doubt(doubt.By, doubt.Reason)
		}
	})
	if len(ways) > 0 && found.Open && ways[0].Mode != Dynamic {
		ways[0].doubt(found.Doubt.By, found.Doubt.Reason)
	}
	return ways
}

// decidingOf is the section of several by which the application runs where it does;
// nil for none.
func (a *Application) decidingOf(sections []*conf.Directive) *conf.Directive {
	for _, d := range []*conf.Directive{a.DecidedBy, a.Via} {
		for _, section := range slices.Backward(sections) {
			if d != nil && d.IsWithin(section) {
				return section
			}
		}
	}
	if len(sections) == 0 {
		return nil
	}
	return sections[len(sections)-1]
}

// runsLike tells whether two applications of one entry point run in the same place and
// interpreter, by the same directive.
func (a *Application) runsLike(other *Application) bool {
	return a.same(other.Verdict) && a.Via == other.Via && a.ApplicationGroup == other.ApplicationGroup
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
	whole := part{uri: alias.URLPath, file: alias.Target, folder: i.isFolder(alias.Target), isStart: alias.IsMatch}
	if alias.IsMatch {
		whole.uri = cmp.Or(expr.LiteralStart(alias.URLPath), "/")
		if end := strings.IndexByte(whole.file, '$'); end >= 0 {
			whole.file, whole.folder = path.Dir(whole.file[:end]+"x"), true
		}
	}
	base := i.add(whole, alias, alias.Directive, alias.URLPath, nil)
	for _, section := range i.server.decidingAround(whole.uri, whole.file, whole.folder, i.room+1) {
		if !i.takeRoom(section, whole, alias) {
			return
		}
		p, ok := partOf(section, whole)
		if !ok || !index.isFree(p.uri, number) {
			continue
		}
		mount := cmp.Or(p.uri, alias.URLPath)
		p.uri = cmp.Or(p.uri, whole.uri)
		i.add(p, alias, plainAround(section, alias.Directive), mount, base)
	}
}

// add adds the applications that answer where inside applies, unless they run where
// base does. It gives the one to which no pattern or condition leads.
func (i *inventory) add(p part, alias *Alias, inside *conf.Directive, mount string, base *Application) *Application {
	return i.addWays(i.ask(i.sample(p, alias.Unknown, inside), wsgiScript, func(q *wsgiRequest) *Application {
		if !p.folder && !alias.IsMatch {
			q.script, q.scriptKnown = request.ScriptName(alias.URLPath), true
		}
		return q.serve(alias)
	}), mount, base)
}

// addWays adds what answers at a mount point where it runs elsewhere than base, and
// where sections choose it elsewhere than the one without them.
func (i *inventory) addWays(ways []way, mount string, base *Application) *Application {
	if len(ways) == 0 {
		return nil
	}
	first := ways[0].Application
	if base == nil {
		base = first
		i.addOnce(first, mount)
	} else if !first.runsLike(base) {
		i.addOnce(first, mount)
	}
	for _, w := range ways[1:] {
		if !w.runsLike(first) && !w.runsLike(base) {
			i.addOnce(w.Application, mount)
		}
	}
	return first
}

// addOnce adds an application, once for several sections or directives that lead there.
func (i *inventory) addOnce(a *Application, mount string) {
	a.Mount = mount
	if len(i.found) > 0 && !i.isNew(a) { // most servers have one alone
		return
	}
	i.found = append(i.found, a)
}

// isNew notes an application that was not found before.
func (i *inventory) isNew(a *Application) bool {
	if i.told == nil {
		i.told = map[entry]bool{i.found[0].entry(): true}
	}
	key := a.entry()
	isTold := i.told[key]
	i.told[key] = true
	return !isTold
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
