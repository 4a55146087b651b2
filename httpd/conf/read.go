package conf

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Read reads the configuration that begins in the file name, with all that it
// includes, as httpd 2.4 would. What is wrong with the text is among the
// diagnostics of the result; the error is a [ReadError] about name itself.
func Read(name string, options Options) (*Config, error) {
	files := newFiles(options.Root)
	for path, text := range options.Texts {
		files.hold(path, text)
	}
	file, err := files.get(name)
	if err != nil {
		return nil, &ReadError{name, err}
	}
	return readFrom(file, files, options), nil
}

// A ReadError is that the file in which a configuration begins cannot be read.
type ReadError struct {
	Name string // as it was asked for
	Err  error
}

func (e *ReadError) Error() string {
	return "read configuration " + e.Name + ": " + systemMessage(e.Err)
}

func (e *ReadError) Unwrap() error { return e.Err }

// ReadSource is Read for text that is at hand; name is for positions, and its
// folder is where relative paths begin. Text of more than [MaxText] bytes is an
// error among the diagnostics.
func ReadSource(name, source string, options Options) *Config {
	file, files := &File{Name: name, Source: source, content: &content{}}, newFiles(options.Root)
	if err := cmp.Or(files.countBytes(int64(len(source))), files.countLines(source)); err != nil {
		file.Source = ""
		config := readFrom(file, files, options)
		config.addError(name, err.Error())
		return config
	}
	_, file.Template = TemplateMark(source)
	return readFrom(file, files, options)
}

// readFrom reads the text, and once more when only its end showed that it is
// a whole server's, or that it asks for modules that may be compiled into httpd:
// then what was unknown before is known.
func readFrom(file *File, files *files, options Options) *Config {
	return readRendering(file, files, options, 0)
}

// readRendering is readFrom for one of the renderings of the templates in it.
func readRendering(file *File, files *files, options Options, number int) *Config {
	r := newReader(file, files, options)
	r.rendering = number
	r.run(file)
	if r.restart {
		r = newReader(file, files, options)
		r.rendering = number
		r.modules.becomeComplete()
		r.run(file)
	}
	if builtIn := r.builtInHere(); len(builtIn) > 0 {
		r = newReader(file, files, options)
		r.rendering = number
		r.modules.becomeComplete()
		r.modules.settle(builtIn)
		r.run(file)
	}
	if !options.Unchecked {
		r.check()
	}
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

	stream  *stream      // where the next line comes from
	levels  []level      // conditions that are open in this file
	open    *Directive   // the innermost open section, or nil
	lasts   []*Directive // the last directive so far outside of sections, and in each open one
	unknown *Condition   // the innermost undecided condition, or nil
	depth   int          // of includes
	// includeLine is the line of the last Include: DUMP_INCLUDES gives it to
	// each file, also to those that follow one with includes of its own.
	includeLine int

	listens, undecided, restart bool // for Scope ByContent
	stopped                     bool // the text would go on for ever
	nested                      int  // sections and conditions that are open
	budget                      *budget

	isHtaccess bool // the text is a .htaccess file
	rendering  int  // of the templates

	mayHoldMore map[*Directive]bool // sections with lines that are not known
	ahead       *checksAhead        // nil where nothing is checked before the end

	slab  []Directive
	names map[string]*spelling // as they were written so far
	noted map[string]bool      // names of files that are in config.Files
}

func newReader(file *File, files *files, options Options) *reader {
	root := options.ServerRoot
	if root == "" {
		root = path.Dir(file.Name)
	}
	r := &reader{
		options: &options, files: files, modules: newLoaded(&options),
		config: &Config{
			ServerRoot: root, release: releaseOf(options.Version), environment: options.Environment,
			files: files, regexps: &expr.Regexps{}, alike: map[string]*alike{}, Searched: map[string]*Link{},
		},
		names:     map[string]*spelling{},
		lasts:     make([]*Directive, 1),
		variables: newVariables(options.Defines, options.Environment),
		budget:    &budget{free: freeGrowth}, noted: map[string]bool{}, mayHoldMore: map[*Directive]bool{},
	}
	if !options.Unchecked {
		r.ahead = &checksAhead{}
		r.modules.beforeChange = func() { r.ahead.stop(r) }
	}
	return r
}

func (r *reader) run(file *File) {
	r.admit(place{}, file)
	r.readFile(file, nil)
}

// finish moves what is known at the end into the configuration.
func (r *reader) finish() *Config {
	c := r.config
	c.Complete = r.modules.complete
	c.Modules = r.modules.byIdentifier
	c.Foreign = r.modules.foreign || !r.modules.knowsAll()
	c.ofThisHost = r.options.Scope == Whole && r.options.Root == ""
	c.extra, c.hostName = r.options.Modules, r.options.HostName
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
	r.stream = newStream(source, withoutHidden(file.rendering(r.rendering)))
	r.levels = []level{{base: r.open, unknown: r.unknown, nested: r.nested}}
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
	if r.noted[source.File.Name] {
		return
	}
	r.noted[source.File.Name] = true
	r.config.Files = append(r.config.Files, source.File)
	if source.File.Template {
		notice := templateNotice(source.File.Name, source.File.readTemplate())
		notice.Source = source
		r.config.Diagnostics = append(r.config.Diagnostics, notice)
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
	text, missing := r.resolve(l)
	if r.stopped {
		return
	}
	name, args := splitName(text)
	spelled := r.spelling(name)
	if spelled.isMark { // any lines may come here
		r.noteUnread(r.link(l))
		return
	}
	if missing != "" {
		r.report(Warning, r.place(l), "Config variable ${"+missing+"} is not defined")
	}
	if name == "" && text[0] != '>' {
		return // a name of two quotes: httpd passes over it
	}
	known := spelled.usable
	if known != nil {
		if r.takesEffect(known) {
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
	case strings.EqualFold(name, "<Perl") && r.modules.has("perl_module") != expr.False:
		r.skipPerl(r.add(name, args, l, spelled), l)
	case strings.HasPrefix(name, "<"):
		if r.nest(r.place(l)) {
			r.openSection(r.add(name, args, l, spelled))
		}
	default:
		r.noteListen(name)
		r.add(name, args, l, spelled)
	}
}

// takesEffect tells whether a directive takes effect while the text is read. In a
// .htaccess file Include, Define, LoadModule and their kin do not: httpd refuses
// them there (invoke_cmd), and they stand in the tree to be found.
func (r *reader) takesEffect(known *knownDirective) bool {
	return known.Context&OnRead != 0 && (!r.isHtaccess || known.Context&OverrideAll != 0)
}

// spelling is what is known of a name as it was written: looked up once, for
// many lines.
type spelling struct {
	known  *knownDirective // of any module's table, or nil
	usable *knownDirective // known, where one of the modules that are loaded now has it
	asOf   int             // the changes of the modules that usable is for
	isMark bool            // a mark of a template is in it
	value  valueCheck
	toLoad string // how to load the module that has it, once that was asked for
	alike  *alike // the directives of this name, nil before the first
}

func (r *reader) spelling(name string) *spelling {
	s := r.names[name]
	if s == nil {
		s = &spelling{known: r.modules.named(name), asOf: -1, isMark: HasMark(name)}
		if s.known != nil {
			s.value = valueCheckOf(s.known.Name)
		}
		r.names[name] = s
	}
	r.refresh(s)
	return s
}

// refresh finds what is usable of a name by the modules that are loaded now.
func (r *reader) refresh(s *spelling) {
	if s.asOf != r.modules.changes {
		s.usable, s.asOf = r.modules.usable(s.known), r.modules.changes
	}
}

// add puts a directive at the end of the open section, or of the configuration.
func (r *reader) add(name, args string, l line, spelled *spelling) *Directive {
	d := r.allocate()
	at := r.place(l)
	*d = Directive{
		Name: name, Args: args, Source: at.source, Parent: r.open, Unknown: r.unknown, spelled: spelled,
		numbers: at.numbers, extent: at.extent,
	}
	last := &r.lasts[len(r.lasts)-1]
	switch {
	case *last != nil:
		(*last).next = d
	case r.open != nil:
		r.open.child = d
	}
	*last = d
	if r.open == nil {
		r.config.top = append(r.config.top, d)
		r.checkAhead()
	}
	if spelled.alike == nil {
		spelled.alike = r.config.alikeOf(name)
	}
	spelled.alike.add(d)
	return d
}

// slabSize is a number of directives that fills pages of memory to their end.
const slabSize = 1024

// allocate takes the next directive of a block of them, which is cheaper than
// one at a time.
func (r *reader) allocate() *Directive {
	if len(r.slab) == 0 {
		r.slab = make([]Directive, slabSize)
	}
	d := &r.slab[0]
	r.slab = r.slab[1:]
	return d
}
