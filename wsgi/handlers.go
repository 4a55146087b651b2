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
			sample, ok := i.sampleAt(files.by, files.name)
			if !i.takeRoom(files.by, sample) {
				break
			}
			if ok {
				i.handler(files, sample)
			}
		}
	}
	for _, files := range i.server.handling.all() {
		if sample, ok := i.sampleAt(files.by, files.name); ok {
			i.handler(files, sample)
		}
	}
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
// and each part of it that runs elsewhere.
func (i *inventory) handler(files handled, sample part) {
	d, handler, name := files.by, files.handler, files.name
	base := i.addHandler(d, handler, sample, nil)
	if base != nil && files.isRest {
		base.doubt(d, Undecided{Kind: ManyExtensions})
		return
	}
	if sample.file == "" {
		return // which files these are is not known, nor which sections are for them
	}
	for _, section := range i.server.decidingAround(sample.folderURI(), sample.folderOf(), true, i.room+1) {
		if !i.takeRoom(section, sample) {
			return
		}
		p, ok := partOf(section, sample.folderURI(), sample.folderOf(), true)
		if !ok || d.IsWithin(section) {
			continue
		}
		if matches, _ := path.Match(name, path.Base(p.file)); !p.folder && name != "" && !matches {
			continue
		}
		if p.folder && name != "" {
			p.file, p.folder = path.Join(p.file, name), false
		}
		i.addHandler(section, handler, part{cmp.Or(p.uri, i.server.URIOf(p.file), sample.uri), p.file, p.folder}, base)
	}
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

// addHandler adds the application that serves the sample, unless it runs where
// base does. by is the directive, or section, that is known to apply.
func (i *inventory) addHandler(by *conf.Directive, handler string, sample part, base *Application) *Application {
	a := i.ask(i.sample(sample, by.Unknown, by), "", func(q *wsgiRequest) *Application {
		if by.Is("RewriteRule") {
			q.Handler = request.Handler{Name: handler, By: by}
		}
		if strings.ContainsAny(q.Handler.Name, `%$\`) { // it is not known
			return q.serveByRequest()
		}
		return q.serve()
	})
	if a == nil || base != nil && a.runsLike(base) {
		return a
	}
	if a.Handler == nil {
		a.Handler = by
	}
	a.Mount = sample.uri
	if key := a.entry(); !i.told[key] { // several directives may lead to one file
		if i.told == nil {
			i.told = map[entry]bool{}
		}
		i.told[key] = true
		i.found = append(i.found, a)
	}
	return a
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
	return entry{a.Via, a.Mount, a.Script, a.Mode, a.Error, a.ProcessGroup}
}

type entry struct {
	via           *conf.Directive
	mount, script string
	mode          Mode
	err, group    string
}

// sampleAt is what a request looks like that a handler directive applies to,
// for a file of that name. It is false where no URI of the server leads there.
func (i *inventory) sampleAt(d *conf.Directive, name string) (part, bool) {
	var uri, folder string
	for _, s := range d.Parent.Nesting() {
		word := s.Word(0)
		switch {
		case s.Is("<Location") && isLiteral(word):
			uri = word
		case s.Is("<LocationMatch"):
			uri = expr.LiteralStart(word)
		case s.Is("<Directory") && isLiteral(word):
			folder = path.Clean(word)
		case (s.Is("<Files") || s.Is("<FilesMatch")) && name == "":
			if name = sampleName(s, i.view.Config); name == "" {
				return part{}, false
			}
		}
	}
	switch {
	case folder == "" && uri == "":
		root := i.server.DocumentRoot()
		if root == "" {
			return part{uri: "/" + name}, true
		}
		return part{uri: "/" + name, file: path.Join(root, name), folder: name == ""}, true
	case folder == "":
		at, taken := i.server.Translate(uri)
		if at.By != nil || taken != nil {
			return part{}, false // the alias, or something else, takes it before
		}
		if at.File != "" {
			return part{uri: uri, file: path.Join(at.File, name)}, true
		}
		return part{uri: uri}, true
	case uri == "":
		uri = i.server.URIOf(folder)
		if uri == "" && i.server.DocumentRoot() != "" {
			return part{}, false
		}
		if uri != "" {
			uri = path.Join(uri, name)
		}
		if i.server.Redirect(uri) != nil {
			return part{}, false
		}
	}
	return part{uri: uri, file: path.Join(folder, name), folder: name == ""}, true
}
