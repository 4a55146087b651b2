package conf

import (
	"cmp"
	"iter"
	"path"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Layer is one set of directives that apply to a request: those of a server
// outside its sections, those of one section, or a .htaccess file. Later
// layers of a request take precedence over earlier ones.
type Layer struct {
	Section  *Directive // nil for a server's own level and for a .htaccess file
	Htaccess *Htaccess  // the .htaccess file, else nil
	// Holds is Unknown where the section depends on what the request does not
	// tell, for the Reason. Layers that do not apply are left out.
	Holds  expr.Truth
	Reason expr.Reason

	// Own is why the section itself may or may not apply where those do that it stands
	// in; nil where only the text, or what is around it, decides.
	Own    expr.Reason
	Around *Layer // the section around it where that is Unknown
	Before *Layer // the alternative before an ElseIf or Else where that is Unknown

	first *Directive // of what it holds
}

// Htaccess is a .htaccess file on the way to the file of a request.
type Htaccess struct {
	File *File
	// Problem is why httpd refuses the file, and with it, by an error 500, each
	// request that it applies to.
	Problem string
}

// Directives are those of the layer, without the sections in it, but with
// those in <Limit> and <LimitExcept>, which share their configuration.
func (l Layer) Directives() iter.Seq[*Directive] {
	return func(yield func(*Directive) bool) {
		for d := range l.Children() {
			if !d.IsSection() && !yield(d) {
				return
			}
		}
	}
}

// Children are the Directives and the sections beside them.
func (l Layer) Children() iter.Seq[*Directive] {
	return func(yield func(*Directive) bool) {
		for d := l.first; d != nil; d = d.followingShared() {
			if !d.isLimit() && !yield(d) {
				return
			}
		}
	}
}

// isLimit tells a section that shares the configuration of the one around it.
func (d *Directive) isLimit() bool {
	return d.IsSection() && (d.Is("<Limit") || d.Is("<LimitExcept"))
}

// followingShared is the next directive of the same layer: the first in a <Limit>,
// or the next one after this or after a <Limit> around it.
func (d *Directive) followingShared() *Directive {
	if d.child != nil && d.isLimit() {
		return d.child
	}
	for d.next == nil && d.Parent != nil && d.Parent.isLimit() {
		d = d.Parent
	}
	return d.next
}

// level is the layer of what stands outside the server's sections.
func (s *Server) level() Layer { return Layer{Holds: s.Holds, first: s.first()} }

// SectionLayers are the sections and .htaccess files that apply to a request to
// this server, in the order in which httpd merges them over what the main server
// and the virtual host say outside of sections: those for places, Directory
// sections from short to long with the .htaccess files between them, Directory
// sections with a regular expression, Files, Location; and after them those with
// conditions, which are decided by what the places make of the request. Of each
// kind the main server's come first, but for the length of Directory sections.
// Tried is how many sections were held against the request to find them, each as often
// as the text has 64 bytes, and more often where a regular expression is large.
func (s *Server) SectionLayers(q Request) (places []Layer, conditions Conditions, tried int) {
	w := newWalker(s, &q)
	w.directories()
	w.walkFiles()
	w.locations()
	return w.layers, w.conditions(), w.tried
}

// EarlyLayers are those of a request whose file is not known yet that do not
// depend on it: Location sections, and If sections that are in none for files.
func (s *Server) EarlyLayers(q Request) (places []Layer, conditions Conditions, tried int) {
	w := newWalker(s, &q)
	w.locations()
	return w.layers, w.conditions(), w.tried
}

// usualLayers is room for the sections that apply to most requests: to find it
// by growing takes two more allocations.
const usualLayers = 3

// sections are the server's own, read once.
func (s *Server) sections() *sections {
	s.sectionsOnce.Do(func() {
		if s.Section != nil {
			var room [16]*Directive
			s.own.collect(appendSections(room[:0], s.Section.child), s.Config.regexps)
		} else {
			s.own.collect(s.Config.topSections(), s.Config.regexps)
		}
		sortDirectories(s.own.directories)
		s.own.byFolder = newSectionIndex(s.own.directories)
		s.own.byURI = newSectionIndex(s.own.locations)
	})
	return &s.own
}

// walker finds the layers of one request.
type walker struct {
	server  *Server
	request *Request
	servers [2]*sections // of the main server, and of the virtual host: none for the main server itself
	layers  []Layer
	files   []*sections // with Files sections that were found on the way, in their order
	ifs     []conditional
	tried   int                // sections that were held against the request, by the size of both
	holds   map[*section]Layer // the layer around a section found on the way

	overrides overrides // for .htaccess files at this point of the walk
	absent    bool      // the folder at this point is not there
}

// newWalker begins with the Files and If sections of the servers themselves.
func newWalker(s *Server, q *Request) walker {
	main := s.Config.Main()
	w := walker{server: s, request: q, layers: make([]Layer, 0, usualLayers), servers: [2]*sections{main.sections(), &noSections}}
	w.remember(main.level(), w.servers[0])
	if s != main {
		w.servers[1] = s.sections()
		w.remember(s.level(), w.servers[1])
	}
	return w
}

// add adds a layer, and remembers the Files and If sections in it.
func (w *walker) add(l Layer, inside *sections) {
	if l.Holds == expr.False {
		return
	}
	w.layers = append(w.layers, l)
	w.remember(l, inside)
}

// remember notes the Files and If sections in a layer.
func (w *walker) remember(l Layer, inside *sections) {
	if len(inside.files) > 0 {
		w.files = append(w.files, inside)
	}
	if len(inside.conditions) > 0 {
		w.ifs = append(w.ifs, conditional{inside, l})
	}
	if l.Holds != expr.True {
		w.around(l, inside.files)
	}
}

// around notes that a layer which only may apply is around sections.
func (w *walker) around(l Layer, inside []*section) {
	for _, s := range inside {
		if w.holds == nil {
			w.holds = map[*section]Layer{}
		}
		w.holds[s] = l
	}
}

// apply adds the section as a layer, as far as it, its condition and what is
// around it hold.
func (w *walker) apply(s *section, holds expr.Truth, reason expr.Reason) {
	l := Layer{Holds: holds}
	if holds == expr.Unknown {
		l.Reason, l.Own = reason, reason
	}
	w.place(s, &l)
}

// place is apply with what is known of the section itself.
func (w *walker) place(s *section, l *Layer) {
	l.Section, l.first = s.Directive, s.child
	if found, ok := w.holds[s]; ok {
		outer := found // made where there is one alone
		l.Around = &outer
		if l.Holds == expr.True {
			l.Reason = outer.Reason // else its own: the text may decide on the other one
		}
		l.Holds = l.Holds.And(outer.Holds)
	}
	if s.Unknown != nil && l.Holds == expr.True {
		l.Holds, l.Reason = expr.Unknown, s.Unknown.Reason
	}
	w.add(*l, s.inside)
}

// directories walks down the folders to the file, as ap_directory_walk does.
func (w *walker) directories() {
	if w.request.File == "" || len(w.request.File) > unix.PathMax {
		w.anyDirectory()
		return
	}
	var room [usualLayers]*section
	for folder, seg := range folders(w.request) {
		for _, own := range w.servers {
			w.try(own.byFolder.tried(own.directories), folder)
			for _, s := range own.forFolder(room[:0], folder, seg) {
				w.apply(s, expr.True, nil)
				if s.overrides {
					w.overrides.merge(w.layers[len(w.layers)-1])
				}
			}
		}
		w.htaccess(folder)
	}
	w.directoriesBelow()
	file := path.Clean(w.request.File)
	for _, s := range w.regexps() {
		holds, reason := expr.Unknown, tooManySections()
		if w.tries(s, file) {
			holds, reason = w.request.matchPath(s)
		}
		w.apply(s, holds, reason)
	}
}

// directoriesBelow adds the directory sections with patterns that are for some of the
// folders below that of many requests.
func (w *walker) directoriesBelow() {
	start, areMany := w.request.Files()
	if !areMany {
		return
	}
	start.Text = start.Text[:strings.LastIndexByte(start.Text, '/')+1]
	slashes := strings.Count(start.Text, "/")
	var list []*section
	for _, own := range w.servers {
		w.try(own.byFolder.tried(own.directories), start.Text)
		for s := range own.patterns() {
			if w.request.mayBeBelow(s, start, slashes) {
				list = append(list, s)
			}
		}
	}
	sortDirectories(list)
	for _, s := range list {
		w.apply(s, expr.Unknown, Undecided{Kind: RequestedFile})
	}
}

// maxTried is how much is tried for one request, which takes seconds. Whether the
// sections beyond apply is not known.
const maxTried = 4 << 20

// instructionsOfSection are those of a regular expression that take as long as a
// section without one.
const instructionsOfSection = 2

// try counts sections that are held against a text.
func (w *walker) try(sections int, text string) { w.tried += sections * stepsOf(text) }

// stepsOf is how often a section counts that is held against a text.
func stepsOf(text string) int { return 1 + len(text)/64 }

// tooManySections is why it is not known whether a section applies that is not tried.
func tooManySections() expr.Reason { return expr.Beyond{Kind: expr.TooManySections} }

// tries counts a section that is held against a text. It is false where that would
// take too long.
func (w *walker) tries(s *section, text string) bool {
	w.try(s.steps(), text)
	return w.tried <= maxTried
}

// steps is how often a section counts: more than once for a regular expression.
func (s *section) steps() int {
	if s.isRegexp() && s.test.regexp != nil {
		return 1 + s.test.regexp.Cost()/instructionsOfSection
	}
	return 1
}

// regexps are the directory sections with regular expressions, of both servers
// in one order: by the slashes in them, as others are (reorder_sorter).
func (w *walker) regexps() []*section {
	var list []*section
	for _, own := range w.servers {
		first := len(own.directories)
		for first > 0 && own.directories[first-1].isRegexp() { // they are the last ones
			first--
		}
		list = append(list, own.directories[first:]...)
	}
	slices.SortStableFunc(list, func(a, b *section) int { return cmp.Compare(a.components, b.components) })
	return list
}

// anyDirectory adds all directory sections: one for "/" holds, and any other may.
func (w *walker) anyDirectory() {
	list := w.servers[0].directories
	if len(w.servers[1].directories) > 0 {
		list = slices.Concat(list, w.servers[1].directories)
		sortDirectories(list)
	}
	w.try(len(list), "")
	for _, s := range list {
		if s.components == 0 && s.test == nil {
			w.apply(s, expr.True, nil)
		} else {
			w.apply(s, expr.Unknown, Undecided{Kind: RequestedFile})
		}
	}
}

// folders are the folders from "/" to the one of the file, each with "/" at
// its end, and the number of its slashes.
func folders(q *Request) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		file := q.File
		if !strings.HasPrefix(file, "/") {
			file = "/" + file
		}
		slashes := 0
		file = clean(file)
		for i := range len(file) {
			if file[i] != '/' {
				continue
			}
			if slashes++; !yield(file[:i+1], slashes) {
				return
			}
		}
		if q.Folder && file != "/" {
			yield(file+"/", slashes+1)
		}
	}
}

// walkFiles adds the Files sections for the last part of the file's name, which
// is empty where a folder is asked for with a slash at its end (ap_file_walk).
func (w *walker) walkFiles() {
	if w.request.Extent == One && w.request.Folder && strings.HasSuffix(w.request.URI, "/") {
		return
	}
	for _, own := range w.files {
		if w.request.File == "" {
			for _, s := range own.files {
				w.apply(s, expr.Unknown, Undecided{Kind: RequestedFile})
			}
			continue
		}
		w.applyFiles(own, path.Base(w.request.File))
	}
}

// applyFiles adds those of the Files sections in one place that are for a name.
func (w *walker) applyFiles(own *sections, name string) {
	x := own.byFile
	if _, areMany := w.request.Files(); x != nil && !areMany && w.tried+x.costOf(name) <= maxTried {
		w.tried += x.costOf(name)
		for _, s := range x.forFile(name) {
			holds, reason := s.matchFile(name)
			w.apply(s, holds, reason)
		}
		return
	}
	for _, s := range own.files {
		holds, reason := expr.Unknown, tooManySections()
		if w.tries(s, name) {
			holds, reason = w.request.matchName(s)
		}
		w.apply(s, holds, reason)
	}
}

func (w *walker) locations() {
	for _, own := range w.servers {
		if w.request.URI == "" {
			for _, s := range own.locations {
				w.apply(s, expr.Unknown, Undecided{Kind: RequestedURL})
			}
			continue
		}
		for _, s := range own.forURI(w.request.URI) {
			holds, reason := expr.Unknown, tooManySections()
			if w.tries(s, w.request.URI) {
				holds, reason = w.request.matchURI(s)
			}
			w.apply(s, holds, reason)
		}
	}
}
