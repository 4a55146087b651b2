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

// handlers adds the applications that SetHandler, AddHandler, AddType,
// ForceType and RewriteRule [H=…] lead to.
func (i *inventory) handlers() {
	if i.server.main != nil {
		for _, files := range i.server.main.handlingFor(i.server, i.room+1) {
			sample, ok := i.sampleAt(files)
			if !i.takeRoom(files.by, sample) {
				break
			}
			i.handlerAt(files, sample, ok)
		}
	}
	for _, files := range i.server.handling.all() {
		sample, ok := i.sampleAt(files)
		i.handlerAt(files, sample, ok)
	}
}

// handlerAt adds what answers for files at the sample, if there is one, and, where
// these may be in any folder, what answers elsewhere in those that an Alias serves.
func (i *inventory) handlerAt(files handled, sample part, ok bool) {
	var base *Application
	if ok {
		base = i.handler(files, sample, nil)
	}
	if !files.isAnywhere() {
		return
	}
	aliases := 0
	for d := range i.server.Certain("Alias") {
		at := part{uri: path.Join(d.Word(0), files.name), file: path.Join(d.Word(1), files.name), folder: files.name == ""}
		if aliases++; aliases > mostAliases || !i.takeRoom(files.by, at) {
			return
		}
		other := i.handler(files, at, base)
		base = cmp.Or(base, other)
	}
	if folder := files.startOfFolder(); base == nil && folder != "" {
		i.handler(files, part{file: path.Join(folder, files.name), folder: files.name == ""}, nil) // as UserDir leads there
	}
}

// startOfFolder is the folder above all that a Directory section around the files is
// for that has a pattern; "" for none.
func (h handled) startOfFolder() string {
	folder := ""
	for _, s := range h.by.Parent.Nesting() {
		switch {
		case s.Is("<DirectoryMatch"):
			folder = cmp.Or(expr.LiteralStart(s.Word(0)), "/")
		case s.Is("<Directory") && s.Word(0) == "~":
			folder = cmp.Or(expr.LiteralStart(s.Word(1)), "/")
		case s.Is("<Directory"):
			folder = s.Word(0)[:max(0, strings.IndexAny(s.Word(0), "*?["))]
		}
	}
	return folder[:strings.LastIndexByte(folder, '/')+1]
}

// mostAliases are those that are looked at for each handler of files in any folder.
const mostAliases = 16

// isAnywhere tells whether no section says which folder the files are in, or which URI
// leads to them, by its name.
func (h handled) isAnywhere() bool {
	for _, s := range h.by.Parent.Nesting() {
		if s.Is("<Location") || s.Is("<LocationMatch") || s.Is("<Directory") && isLiteral(s.Word(0)) {
			return false
		}
	}
	return true
}

// handling is what leads to an application by its handler on one server.
type handling struct {
	list     []handled
	byFolder pathIndex // numbers of those for one folder
	others   []int     // numbers of all others
}

// handled are the files that a directive names a handler for.
type handled struct {
	by      *conf.Directive
	handler string
	name    string // of the files, "*.EXTENSION"; empty for any
	isRest  bool   // this extension stands for others, too
}

// mostExtensions are the extensions of one section that are told apart. Those of a
// main server are looked at for each host.
const mostExtensions = 16

// newHandling leaves out the directives that lead to no WSGI application: scripts
// are the names of all handler scripts.
func newHandling(list []*conf.Directive, scripts map[string]bool) *handling {
	h := &handling{}
	extensions := map[*conf.Directive]map[string]bool{} // by section
	for _, d := range list {
		handler, named := HandlerOf(d)
		mayBecome := (d.Is("SetHandler") || d.Is("RewriteRule")) && mayBecomeHandler(handler, scripts)
		if !IsScriptHandler(handler) && !scripts[handler] && !mayBecome {
			continue
		}
		if len(named) == 0 {
			h.add(handled{by: d, handler: handler})
			continue
		}
		if extensions[d.Parent] == nil {
			extensions[d.Parent] = map[string]bool{}
		}
		h.addExtensions(handled{by: d, handler: handler}, named, extensions[d.Parent])
	}
	if len(h.list) == 0 {
		return nil
	}
	h.byFolder.sort()
	return h
}

// addExtensions adds files by their extensions, as far as these are told apart: known
// are those of the section so far.
func (h *handling) addExtensions(files handled, extensions []string, known map[string]bool) {
	for _, extension := range extensions {
		extension = strings.TrimPrefix(extension, ".")
		files.isRest = len(known) == mostExtensions && !known[extension]
		if len(known) > mostExtensions && !known[extension] {
			continue
		}
		known[extension] = true
		files.name = "*." + extension
		h.add(files)
	}
}

func (h *handling) add(files handled) {
	number := len(h.list)
	h.list = append(h.list, files)
	if folder := folderOf(files.by); folder != "" {
		h.byFolder.add(folder, number)
	} else {
		h.others = append(h.others, number)
	}
}

// all are the files; none for nil.
func (h *handling) all() []handled {
	if h == nil {
		return nil
	}
	return h.list
}

// folderOf is the folder of the Directory section that d stands in, where that
// is one by its name and no URI is named as well; else "".
func folderOf(d *conf.Directive) string {
	folder := ""
	for _, s := range d.Parent.Nesting() {
		switch {
		case s.Is("<Location") || s.Is("<LocationMatch"):
			return ""
		case s.Is("<Directory") && isLiteral(s.Word(0)):
			folder = path.Clean(s.Word(0))
		}
	}
	return folder
}

// handlingFor are the files that the main server names a handler for, as far as a
// URI of a virtual host may lead there: what it leaves out is what sampleAt is false
// for. Of each kind there are no more than most.
func (s *Server) handlingFor(host *Server, most int) []handled {
	h := s.handling
	if h == nil {
		return nil
	}
	root := host.DocumentRoot()
	if root == "" {
		return first(h.list, most)
	}
	numbers := append(h.byFolder.near(root, most), first(h.others, most)...)
	for d := range host.Certain("Alias") {
		if len(numbers) > most {
			break
		}
		numbers = append(numbers, h.byFolder.near(d.Word(1), most)...)
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	found := make([]handled, len(numbers))
	for i, n := range numbers {
		found[i] = h.list[n]
	}
	return found
}

// HandlerOf is the handler that a directive names, and the extensions of the
// files that it is for.
func HandlerOf(d *conf.Directive) (name string, extensions []string) {
	switch {
	case d.Is("SetHandler") || d.Is("ForceType"):
		return strings.ToLower(d.Word(0)), nil
	case d.Is("AddHandler") || d.Is("AddType"):
		words := d.Words()
		if len(words) < 2 {
			return "", nil
		}
		return strings.ToLower(words[0]), words[1:]
	case d.Is("RewriteRule"):
		return request.RuleHandler(d), nil
	}
	return "", nil
}

// handler adds the application that answers for files, of which one is the sample,
// unless it runs where base does, and each part of it that runs elsewhere. It gives
// the one for all of the sample.
func (i *inventory) handler(files handled, sample part, base *Application) *Application {
	d, handler, name := files.by, files.handler, files.name
	own := i.addHandler(d, d.Unknown, handler, sample, base)
	if own != nil && files.isRest {
		own.doubt(d, Undecided{Kind: ManyExtensions})
		return own
	}
	if sample.file == "" {
		return own // which files these are is not known, nor which sections are for them
	}
	for _, section := range i.server.decidingAround(sample.folderURI(), sample.folderOf(), true, i.room+1) {
		if !i.takeRoom(section, sample) {
			return own
		}
		p, ok := partOf(section, part{uri: sample.folderURI(), file: sample.folderOf(), folder: true, isStart: sample.isStart})
		if !ok || d.IsWithin(section) {
			continue
		}
		if matches, _ := path.Match(name, path.Base(p.file)); !p.folder && name != "" && !matches {
			continue
		}
		if p.folder && name != "" {
			p.file, p.folder = path.Join(p.file, name), false
		}
		i.addHandler(d, section.Unknown, handler, part{cmp.Or(p.uri, i.server.URIOf(p.file), sample.uri), p.file, p.folder, p.isStart}, own)
	}
	return own
}

// folderOf is the folder of the sample.
func (p part) folderOf() string {
	if p.folder {
		return p.file
	}
	return path.Dir(p.file)
}

// folderURI is the URI of the sample's folder, as far as it is known.
func (p part) folderURI() string {
	if p.folder || p.uri == "" {
		return p.uri
	}
	return path.Dir(p.uri)
}

// addHandler adds the applications that serve the sample, unless they run where
// base does. by is the directive that is known to apply, given a condition.
func (i *inventory) addHandler(by *conf.Directive, given *conf.Condition, handler string, sample part, base *Application) *Application {
	ways := i.ask(i.sample(sample, given, by), "", func(q *wsgiRequest) *Application {
		if by.Is("RewriteRule") {
			q.Handler = request.Handler{Name: handler, By: by}
		}
		if strings.ContainsAny(q.Handler.Name, `%$\`) { // it is not known
			return q.serveByRequest()
		}
		return q.serve()
	})
	for _, w := range ways {
		w.Handler = cmp.Or(w.Handler, by)
		w.ChosenBy = cmp.Or(w.ChosenBy, openAround(by))
	}
	return i.addWays(ways, sample.uri, base)
}

// openAround is the innermost section around a directive, or itself, that each request
// decides on; nil for none.
func openAround(d *conf.Directive) *conf.Directive {
	for ; d != nil; d = d.Parent {
		if IsOpenSection(d) {
			return d
		}
	}
	return nil
}

// serveByRequest makes the application that a handler may lead to whose name only a
// request decides.
func (q *wsgiRequest) serveByRequest() *Application {
	by := q.Handler.By
	q.Handler.Name = wsgiScript
	a := q.serve()
	if a == nil {
		return nil
	}
	a.Handler = by
	name, _ := HandlerOf(by)
	if by.Is("SetHandler") {
		name = by.Word(0) // in the case of its letters
	}
	a.doubt(by, Undecided{Kind: ByHandler, Subject: name})
	return a
}

// entry is what two entries of a server that tell the same have in common.
func (a *Application) entry() entry {
	e := entry{a.Via, a.ChosenBy, a.Mount, a.Script, a.Mode, a.Error, a.ProcessGroup, a.ApplicationGroup}
	if a.ChosenBy != nil {
		e.mount, e.within = "", "" // at all of its mount points, and whatever else is chosen
	}
	if a.ChosenBy != nil && a.Mode == Refused {
		e.group = ""
	}
	return e
}

type entry struct {
	via, chosenBy      *conf.Directive
	mount, script      string
	mode               Mode
	err, group, within string
}

// sampleAt is what the requests look like that a handler directive applies to, for
// files of that name. It is false where no URI of the server leads there.
func (i *inventory) sampleAt(files handled) (part, bool) {
	name := files.name
	at := part{}
	var folder string
	for _, s := range files.by.Parent.Nesting() {
		word := s.Word(0)
		switch {
		case s.Is("<Location") && isLiteral(word):
			at.uri, at.isStart = word, false
		case s.Is("<LocationMatch") || s.Is("<Location"):
			at.uri, at.isStart = startOf(s), true
		case s.Is("<Directory") && isLiteral(word):
			folder = path.Clean(word)
		case (s.Is("<Files") || s.Is("<FilesMatch")) && name == "":
			if name = sampleName(s, i.view.Config); name == "" {
				return part{}, false
			}
		}
	}
	switch {
	case folder == "" && at.uri == "":
		root := i.server.DocumentRoot()
		if root == "" {
			return part{uri: "/" + name}, true
		}
		return part{uri: "/" + name, file: path.Join(root, name), folder: name == ""}, true
	case folder == "":
		return i.sampleAtURI(files, at, name)
	case at.uri == "":
		at.uri = i.server.URIOf(folder)
		if at.uri == "" && i.server.DocumentRoot() != "" {
			return part{}, false
		}
		if at.uri != "" {
			at.uri = path.Join(at.uri, name)
		}
		asked := at.uri
		if name == "" { // a redirect of the folder itself is none of what is in it
			asked = strings.TrimSuffix(asked, "/") + "/" + anyEnd
		}
		if i.server.Redirect(asked) != nil {
			return part{}, false
		}
	}
	at.file, at.folder = path.Join(folder, name), name == ""
	return at, true
}

// startOf is what the URIs begin with that a Location section with a pattern is for.
func startOf(s *conf.Directive) string {
	word := s.Word(0)
	switch {
	case s.Is("<LocationMatch"):
		return cmp.Or(expr.LiteralStart(word), "/")
	case word == "~":
		return cmp.Or(expr.LiteralStart(s.Word(1)), "/")
	}
	return cmp.Or(word[:strings.IndexAny(word, "*?[")], "/")
}

// anyEnd stands for what follows in a URI.
const anyEnd = "\x01"

// sampleAtURI is sampleAt for a Location section.
func (i *inventory) sampleAtURI(files handled, at part, name string) (part, bool) {
	uri := at.uri
	if at.isStart {
		uri += anyEnd
	}
	to, taken := i.server.Translate(uri)
	if taken != nil || to.By != nil && IsScriptHandler(files.handler) {
		return part{}, false // something else takes it before, or leads there already
	}
	if to.File != "" {
		at.file = path.Join(strings.TrimSuffix(to.File, anyEnd), name)
		at.folder = at.isStart && name == ""
	}
	return at, true
}
