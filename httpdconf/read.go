package httpdconf

import (
	"fmt"
	"path"
	"strings"
)

// Read reads the configuration that begins in the file name, with all that it
// includes, as httpd 2.4 would. What is wrong with the text is among the
// diagnostics of the result; the error is that name itself cannot be read.
func Read(name string, options Options) (*Config, error) {
	files := newFiles(options.Root)
	file, err := files.get(name)
	if err != nil {
		return nil, fmt.Errorf("read configuration %s: %s", name, systemMessage(err))
	}
	return readFrom(file, files, options), nil
}

// ReadSource is Read for text that is at hand; name is for positions, and its
// folder is where relative paths begin.
func ReadSource(name, source string, options Options) *Config {
	if len(source) > maxSource {
		source = source[:maxSource]
	}
	file := &File{Name: name, Source: source}
	_, file.Template = TemplateMark(source)
	return readFrom(file, newFiles(options.Root), options)
}

// readFrom reads the text, and once more when only its end showed that it is
// a whole server's: then what was unknown before is known.
func readFrom(file *File, files *files, options Options) *Config {
	r := newReader(file, files, options)
	r.run(file)
	if r.restart {
		r = newReader(file, files, options)
		r.modules.complete = true
		r.run(file)
	}
	r.check()
	return r.finish()
}

// reader carries out the text line by line, as httpd does while it reads.
type reader struct {
	options   *Options
	files     *files
	config    *Config
	variables variables
	modules   *loaded
	macros    map[string]*macro // nil until the first <Macro>

	stream  *stream    // where the next line comes from
	levels  []level    // conditions that are open in this file
	open    *Directive // the innermost open section, or nil
	unknown *Condition // the innermost undecided condition, or nil
	depth   int        // of includes
	// includeLine is the line of the last Include: DUMP_INCLUDES gives it to
	// each file, also to those that follow one with includes of its own.
	includeLine int

	listens, undecided, restart bool // for Scope Guess
	stopped                     bool // the text would go on for ever
	budget                      int  // bytes that may still be read in other places than the first

	isHtaccess bool // the text is a .htaccess file

	slab      []Directive
	templates map[*File]bool // files whose notice was given
	checked   map[string]bool
}

// stream is what lines are read from: a file, or the expanded text of a macro
// in the middle of one.
type stream struct {
	source *Source
	text   string
	offset int
	number int       // of the line at offset
	body   []bodyPos // of a macro: where its lines are defined
	outer  *stream   // goes on when this one ends, in the same file
}

// level is a condition whose lines are being read, or the file itself.
type level struct {
	closing string     // what follows "</" on the line that ends it; "" for a file
	base    *Directive // the section open when it began
	unknown *Condition // what was undecided when it began
}

func newReader(file *File, files *files, options Options) *reader {
	root := options.ServerRoot
	if root == "" {
		root = path.Dir(file.Name)
	}
	return &reader{
		options: &options, files: files, modules: newLoaded(&options),
		config: &Config{
			ServerRoot: root, environment: options.Environment, files: files,
		},
		variables: newVariables(options.Defines, options.Environment),
		budget:    maxBytes, templates: map[*File]bool{}, checked: map[string]bool{},
	}
}

func (r *reader) run(file *File) {
	r.readFile(file, nil)
}

// finish moves what is known at the end into the configuration.
func (r *reader) finish() *Config {
	c := r.config
	c.Complete = r.modules.complete
	c.Modules = r.modules.byIdentifier
	c.Defined, c.Variables = r.variables.defined, r.variables.values
	c.htaccess = htaccess{reader: r, read: map[string]*Config{}}
	return c
}

// readFile carries out one file (ap_process_resource_config). Sections that it
// opens must be closed in it.
func (r *reader) readFile(file *File, from *Link) {
	source := &Source{Name: file.Name, File: file, From: from, dumpLine: r.includeLine}
	r.noteFile(source)
	outerStream, outerLevels := r.stream, r.levels
	r.stream = &stream{source: source, text: file.Source, number: 1}
	r.levels = []level{{base: r.open, unknown: r.unknown}}
	for !r.restart && !r.stopped {
		l, ok := r.nextLine()
		if !ok {
			break
		}
		r.readLine(l)
	}
	r.endFile()
	r.stream, r.levels = outerStream, outerLevels
}

func (r *reader) noteFile(source *Source) {
	r.config.Includes = append(r.config.Includes, source)
	if r.checked[source.File.Name] {
		return
	}
	r.checked[source.File.Name] = true
	r.config.Files = append(r.config.Files, source.File)
	if source.File.Template {
		mark, _ := TemplateMark(source.File.Source)
		notice := templateNotice(source.File.Name, source.File.Source, mark)
		notice.Source = source
		r.config.Diagnostics = append(r.config.Diagnostics, notice)
	}
}

// endFile leaves what the file left open. httpd accepts the end of a file
// inside a condition that holds, but not inside a section.
func (r *reader) endFile() {
	if r.stopped {
		r.open, r.unknown = r.levels[0].base, r.levels[0].unknown
		return
	}
	for len(r.levels) > 1 {
		r.leave()
	}
	r.closeAll(r.levels[0].base)
	r.unknown = r.levels[0].unknown
}

// closeAll closes the sections inside base that the file leaves open. httpd
// tells of all of them, the inner one first, on the line of the outer one.
func (r *reader) closeAll(base *Directive) {
	var messages []string
	var outer *Directive
	for ; r.open != base; r.open = r.open.Parent {
		if outer = r.open; len(messages) == maxLevels {
			continue
		}
		messages = append(messages, fmt.Sprintf("%s:%d: %s> was not closed.", outer.Source.Name, outer.line, outer.Name))
	}
	if outer != nil {
		r.report(Error, placeOf(outer), strings.Join(messages, "\n"))
	}
}

// nextLine reads on in the innermost stream that has a line left.
func (r *reader) nextLine() (line, bool) {
	for r.stream.offset == len(r.stream.text) {
		if r.stream.outer == nil {
			return line{}, false
		}
		r.stream = r.stream.outer
		r.stream.dropUnended()
	}
	s := r.stream
	l := nextLine(s.text, s.offset, s.number)
	s.offset, s.number = l.end, l.last+1
	return l, true
}

// dropUnended takes off the last physical line of a file when it has no
// newline and belongs to the line that follows the use of a macro: mod_macro
// loses it (array_getstr).
func (s *stream) dropUnended() {
	if s.offset == len(s.text) || strings.HasSuffix(s.text, "\n") {
		return
	}
	if l := nextLine(s.text, s.offset, s.number); l.end == len(s.text) {
		s.text = s.text[:strings.LastIndexByte(s.text, '\n')+1]
	}
}

// maxLine is how long a line may be (server/config.c: VARBUF_MAX_LEN).
const maxLine = 16 << 20

// readLine carries out one line (ap_build_config_sub).
func (r *reader) readLine(l line) {
	if len(l.text) > maxLine {
		r.report(Error, r.place(l), fmt.Sprintf("Error reading %s at line %d: Line too long", r.stream.source.Name, l.last))
		return
	}
	if l.text == "" || l.text[0] == '#' {
		return
	}
	if r.closesLevel(l.text) {
		r.leave()
		return
	}
	text, missing := r.variables.resolve(l.text)
	name, args := splitName(text)
	if missing != "" {
		r.report(Warning, r.place(l), "Config variable ${"+missing+"} is not defined")
	}
	if name == "" && text[0] != '>' {
		return // a name of two quotes: httpd passes over it
	}
	known := r.modules.directive(name)
	if known != nil {
		if known.Context&OnRead != 0 {
			r.execute(known, name, args, l)
			return
		}
		if name[0] != '<' || name[1] != '/' {
			name = known.Name
		}
	}
	switch {
	case strings.HasPrefix(name, "</"):
		r.closeSection(name, l)
	case strings.HasPrefix(name, "<"):
		r.open = r.add(name, args, l)
	default:
		r.noteListen(name)
		r.add(name, args, l)
	}
}

// closesLevel tells whether the line ends the innermost condition. Sections
// that were opened in it come first.
func (r *reader) closesLevel(text string) bool {
	top := &r.levels[len(r.levels)-1]
	return top.closing != "" && r.open == top.base && strings.HasPrefix(text, "</") &&
		strings.EqualFold(text[len("</"):], top.closing)
}

func (r *reader) enter(name string, unknown *Condition) {
	r.levels = append(r.levels, level{closing: name[len("<"):] + ">", base: r.open, unknown: r.unknown})
	r.unknown = unknown
}

func (r *reader) leave() {
	top := r.levels[len(r.levels)-1]
	r.levels = r.levels[:len(r.levels)-1]
	r.open, r.unknown = top.base, top.unknown
}

// closeSection carries out a closing line. One with a wrong name is an error;
// it closes the section that it fits, and where it fits none it is taken for
// one that was misspelt.
func (r *reader) closeSection(name string, l line) {
	base := r.levels[len(r.levels)-1].base
	if r.open == base {
		r.report(Error, r.place(l), name+" without matching <"+name[len("</"):]+" section")
		return
	}
	closed, bracket := strings.CutSuffix(name, ">")
	closed = closed[len("</"):]
	inner := r.open.Name[len("<"):]
	switch {
	case !bracket:
		r.report(Error, r.place(l), name+"> directive missing closing '>'")
	case !strings.EqualFold(closed, inner):
		r.report(Error, r.place(l), "Expected </"+inner+"> but saw "+name)
		if r.opened(closed, base) {
			for !strings.EqualFold(r.open.Name[len("<"):], closed) {
				r.open = r.open.Parent
			}
		}
	}
	r.open = r.open.Parent
}

// maxLevels is how many open sections are looked through for the one that a
// closing line could mean, and told of when they stay open: more than a person
// would nest, and few enough not to take long.
const maxLevels = 64

// opened tells whether a section name is open above base.
func (r *reader) opened(name string, base *Directive) bool {
	for at, levels := r.open, 0; at != base && levels < maxLevels; at, levels = at.Parent, levels+1 {
		if strings.EqualFold(at.Name[len("<"):], name) {
			return true
		}
	}
	return false
}

// add puts a directive at the end of the open section, or of the configuration.
func (r *reader) add(name, args string, l line) *Directive {
	d := r.allocate()
	at := r.place(l)
	*d = Directive{
		Name: name, Args: args, Source: at.source, Parent: r.open, Unknown: r.unknown,
		line: int32(at.line), first: int32(at.first), start: int32(at.start), end: int32(at.end),
	}
	first, last := &r.config.first, &r.config.last
	if r.open != nil {
		first, last = &r.open.child, &r.open.lastChild
	}
	if *last == nil {
		*first = d
	} else {
		(*last).next = d
	}
	*last = d
	return d
}

// allocate takes the next directive of a block of them, which is cheaper than
// one at a time.
func (r *reader) allocate() *Directive {
	if len(r.slab) == 0 {
		r.slab = make([]Directive, 512)
	}
	d := &r.slab[0]
	r.slab = r.slab[1:]
	return d
}

// maxBytes is how much text includes and macros may bring altogether: far more
// than any server has, but an end to files and macros that double each other.
const maxBytes = 4 << 30

// spend takes the bytes of an include or a macro off what may still be read.
func (r *reader) spend(at place, bytes int) bool {
	r.budget -= bytes + minCost
	if r.budget < 0 && !r.stopped {
		r.report(Error, at, "includes and macros bring more text than can be read: they seem to double each other")
		r.stopped = true
	}
	return !r.stopped
}

// minCost is what an include or macro counts for at least.
const minCost = 1 << 10

// noteListen remembers that a server of its own is described here: in Scope
// Guess, together with a LoadModule it decides.
func (r *reader) noteListen(name string) {
	if !r.listens && r.open == nil && strings.EqualFold(name, "Listen") {
		r.listens = true
		r.guess()
	}
}

// guess decides that the text is a whole server's. What was left undecided
// before is read again.
func (r *reader) guess() {
	if r.options.Scope != Guess || r.modules.complete || !r.listens || !r.modules.dynamic {
		return
	}
	r.restart = r.undecided
	r.modules.complete = true
}
