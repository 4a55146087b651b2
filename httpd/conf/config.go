package conf

import (
	"iter"
	"slices"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Config is the configuration that a server would use: the directives that are
// left when includes, variables, conditions and macros have done their work,
// in the order in which httpd carries them out, each with the place it came
// from.
//
// A configuration does not change, and its methods and those of its parts may
// be called side by side.
//
// Directives that take effect while the text is read (Include, Define,
// LoadModule, the If… conditions, Macro, Use, ServerRoot) are not among them,
// as they are not in httpd's own tree; what they left is in the fields here.
type Config struct {
	Files       []*File      // each file that was read, in the order of first reading
	Includes    []*Source    // each reading of a file, in order: what DUMP_INCLUDES shows
	Diagnostics []Diagnostic // errors first found come first; httpd stops at the first error
	Unread      []*Link      // includes that could not be read in full: what they hold is not known
	// Searched are the folders that Includes look through, the files that they
	// lack, and those that IfFile asks for, each with the first such line: what
	// appears there changes the configuration.
	Searched map[string]*Link

	ServerRoot string                // as the last ServerRoot left it
	Defined    map[string]expr.Truth // names for IfDefine at the end: from -D and Define
	Variables  map[string]string     // values for ${NAME} from Define, names in lower case

	// Complete says that the text describes a whole server: it has a Listen, and
	// loads a module that no server is without. Then all modules are known, and
	// what was not loaded is absent; else it is unknown.
	Complete bool
	// Loads are the LoadModule lines, in their order, also those that httpd
	// passes over since the module is there already. They stand by themselves.
	Loads []*Directive
	// LoadFiles are the LoadFile lines, in their order. They stand by themselves.
	LoadFiles []*Directive
	// Modules are the identifiers of modules that are loaded, as far as the
	// text and the options tell.
	Modules map[string]expr.Truth
	// Foreign says that a module is loaded, or may be, of which neither httpd's own
	// table nor the options tell.
	Foreign bool

	ofThisHost  bool         // the server that this host runs
	another     *anotherHost // nil where nothing shows that it is of one
	extra       []Module     // of Options
	unbalanced  bool         // a section is not closed, or closed without being open
	release     int          // of httpd 2.4
	top         []*Directive // outside any section
	names       []string     // of directives, each as it was first written
	alike       map[string]*alike
	environment map[string]string
	hostName    func() string // nil where it is not known
	files       *files
	regexps     *expr.Regexps
	htaccess    htaccess
	conditions  []conditionLine // of a .htaccess file

	serversOnce sync.Once
	servers     []*Server
	byNameOnce  sync.Once
	byName      map[string][]*Server
	groupsOnce  sync.Once
	addresses   []*addressGroup
}

// Directives are the directives and sections outside any section.
func (c *Config) Directives() iter.Seq[*Directive] { return slices.Values(c.top) }

// first is the first directive outside any section, or nil. What goes through all
// of them takes top instead: of links a processor has to wait for one before it can
// fetch the next, and virtual hosts lie far from each other.
func (c *Config) first() *Directive {
	if len(c.top) == 0 {
		return nil
	}
	return c.top[0]
}

// topSections are the sections outside any other that depend on a request.
func (c *Config) topSections() (found []*Directive) {
	for _, d := range c.top {
		if d.dependsOnRequest() {
			found = append(found, d)
		}
	}
	return found
}

// All are all directives and sections, each section before what it holds.
func (c *Config) All() iter.Seq[*Directive] {
	return func(yield func(*Directive) bool) {
		for d := c.first(); d != nil; d = d.following() {
			if !yield(d) {
				return
			}
		}
	}
}

// Names are the names of all directives and sections, each once, in the order
// of the text.
func (c *Config) Names() []string { return c.names }

// HasModule tells whether a module is loaded, by its identifier
// (wsgi_module): True, False, or Unknown where the text is a part of a
// configuration that does not say, or includes from another host what may.
func (c *Config) HasModule(identifier string) expr.Truth {
	if truth, ok := c.Modules[identifier]; ok {
		return truth
	}
	if c.Complete && (c.another == nil || len(c.another.includes) == 0) {
		return expr.False
	}
	return expr.Unknown
}

// addError adds an error about a whole file.
func (c *Config) addError(name, message string) {
	start := Pos{File: name, Line: 1, Column: 1}
	c.Diagnostics = append(c.Diagnostics, Diagnostic{Severity: Error, Pos: start, End: start, Message: message})
}

// Errors are the diagnostics that make httpd refuse the configuration.
func (c *Config) Errors() []Diagnostic {
	var errors []Diagnostic
	for _, d := range c.Diagnostics {
		if d.Severity == Error {
			errors = append(errors, d)
		}
	}
	return errors
}

// Regexp compiles a regular expression of the configuration: see
// [expr.Regexps.Compile].
func (c *Config) Regexp(text, flags string) (*expr.Regexp, error) {
	return c.regexps.Compile(text, flags)
}

// Expression parses an expression of httpd that stands in a directive of the
// configuration.
func (c *Config) Expression(text string) (*expr.Expression, error) {
	return expr.Parse(text, c.regexps)
}

// Match tells whether a regular expression of the configuration matches a text,
// and where its groups are: see [expr.Regexps.Match].
func (c *Config) Match(pattern, flags, text string) (groups []int, matches expr.Truth) {
	return c.regexps.Match(pattern, flags, text)
}

// CostOf is how many instructions of a regular expression may be tried at each byte of a
// text, 0 for one that is not matched at all: see [expr.Regexp.Cost].
func (c *Config) CostOf(pattern, flags string) int {
	compiled, err := c.Regexp(pattern, flags)
	if err != nil {
		return 0
	}
	return compiled.Cost()
}

// NeededBy is a text that whatever a regular expression matches holds: see
// [expr.Regexps.NeededBy].
func (c *Config) NeededBy(pattern, flags string) string { return c.regexps.NeededBy(pattern, flags) }
