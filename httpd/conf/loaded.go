package conf

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// everyServer are the modules that no httpd is without.
var everyServer = []string{"core.c", "http_core.c", "mod_so.c"}

// oftenStatic are modules that some builds of httpd have compiled in and
// others load. Without Options.Static, whether they are there is unknown.
var oftenStatic = []string{
	"mod_log_config.c", "mod_logio.c", "mod_unixd.c", "mod_version.c", "mod_watchdog.c",
	"event.c", "worker.c", "prefork.c",
}

// loaded are the modules of the server at this line of its configuration, and
// the directives that they bring.
type loaded struct {
	byIdentifier map[string]expr.Truth
	byFile       map[string]expr.Truth
	httpd, other *table // of httpd's own modules, and of those of the options
	foreign      bool   // a module without a table is loaded
	complete     bool   // the text is a whole server's
	open         bool   // an include that is not here may load any module
	// maybe are the modules of oftenStatic of which nothing tells whether they are
	// loaded. Their directives are taken, whatever conditions make of them.
	maybe   map[string]bool
	basic   bool // one that no server is without was loaded
	changes int  // of all this: rises with each

	beforeChange func() // nil for nothing
}

// change comes before each change.
func (l *loaded) change() {
	if l.beforeChange != nil {
		l.beforeChange()
	}
	l.changes++
}

func newLoaded(options *Options) *loaded {
	release := releaseOf(options.Version)
	l := &loaded{
		byIdentifier: map[string]expr.Truth{}, byFile: map[string]expr.Truth{}, maybe: map[string]bool{},
		httpd: httpdTable(release), other: newTable(0), complete: options.Scope == Whole,
	}
	for _, module := range options.Modules {
		l.other.add(module.of(release), release, l.httpd)
	}
	static := options.Static
	if len(static) == 0 {
		static = everyServer
		for _, name := range oftenStatic {
			identifier := l.identifier(name)
			l.load(identifier, expr.Unknown)
			l.maybe[identifier] = true
		}
	}
	for _, name := range slices.Concat(static, options.Assumed) {
		l.load(l.identifier(name), expr.True)
	}
	return l
}

// named is a directive of any module's table, or nil.
func (l *loaded) named(name string) *knownDirective {
	key := strings.ToLower(name)
	if known := l.other.directives[key]; known != nil {
		return known
	}
	return l.httpd.directives[key]
}

// table is that of a module, where there is one.
func (l *loaded) table(identifier string) (Module, bool) {
	if module, ok := l.other.modules[identifier]; ok {
		return module, true
	}
	module, ok := l.httpd.modules[identifier]
	return module, ok
}

// identifier turns a module's source file, with or without "mod_" and ".c",
// into its identifier.
func (l *loaded) identifier(name string) string {
	if strings.HasSuffix(name, "_module") {
		return name
	}
	file := strings.TrimSuffix(name, ".c") + ".c"
	for _, t := range []*table{l.other, l.httpd} {
		for _, file := range []string{file, "mod_" + file} {
			if identifier, ok := t.files[file]; ok {
				return identifier
			}
		}
	}
	name = strings.TrimPrefix(name, "mod_")
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".c"), ".so")
	return name + "_module"
}

// load adds a module. certain is not True inside a condition that was not
// decided.
func (l *loaded) load(identifier string, certain expr.Truth) {
	l.change()
	module, ok := l.table(identifier)
	if !ok {
		l.foreign = true
		module = Module{Identifier: identifier, File: "mod_" + strings.TrimSuffix(identifier, "_module") + ".c"}
	}
	if isMPM(identifier) && certain == expr.True {
		l.dropOtherMPMs(identifier)
	}
	delete(l.maybe, identifier)
	l.byIdentifier[identifier] = max(l.byIdentifier[identifier], certain)
	l.byFile[module.File] = max(l.byFile[module.File], certain)
}

// dropOtherMPMs takes the MPMs that might have been compiled in for absent: a
// server has only one.
func (l *loaded) dropOtherMPMs(identifier string) {
	for other, truth := range l.byIdentifier {
		if isMPM(other) && other != identifier && truth == expr.Unknown {
			l.drop(other)
			delete(l.maybe, other)
		}
	}
}

// drop takes a module for absent.
func (l *loaded) drop(identifier string) {
	l.change()
	module, _ := l.table(identifier)
	delete(l.byIdentifier, identifier)
	delete(l.byFile, module.File)
}

// settle takes the modules that are compiled in for loaded, and those that are not
// for absent. A server has one MPM: where none is compiled in, it is as unknown as
// before which one is loaded.
func (l *loaded) settle(builtIn []string) {
	mpm := false
	for _, name := range builtIn {
		identifier := l.identifier(name)
		l.load(identifier, expr.True)
		mpm = mpm || isMPM(identifier)
	}
	for identifier := range l.maybe {
		if mpm || !isMPM(identifier) {
			l.drop(identifier)
		}
	}
}

func isMPM(identifier string) bool { return strings.HasPrefix(identifier, "mpm_") }

// becomeComplete says that the text is a whole server's.
func (l *loaded) becomeComplete() {
	l.change()
	l.complete = true
}

// becomeOpen says that what is not here may load any module.
func (l *loaded) becomeOpen() {
	l.change()
	l.open = true
}

// knowsAll says that what is not loaded is absent.
func (l *loaded) knowsAll() bool { return l.complete && !l.open }

// has is the test of IfModule: by identifier or by source file, exactly.
func (l *loaded) has(name string) expr.Truth {
	if truth := max(l.byIdentifier[name], l.byFile[name]); truth != expr.False || l.knowsAll() {
		return truth
	}
	return expr.Unknown
}

// directive finds a directive by its name as written, or nil. In a whole
// configuration only those of modules loaded so far count.
func (l *loaded) directive(name string) *knownDirective {
	return l.usable(l.named(name))
}

// usable is the directive where one counts, or nil.
func (l *loaded) usable(known *knownDirective) *knownDirective {
	if known == nil || l.knowsAll() && l.carried(known) == expr.False && !l.isMaybe(known) {
		return nil
	}
	return known
}

// isMaybe tells a directive of a module that may be loaded.
func (l *loaded) isMaybe(known *knownDirective) bool {
	return slices.ContainsFunc(known.carriers, func(c carrier) bool { return l.maybe[c.module] })
}

// carried tells whether a module that has the directive is loaded at this line.
func (l *loaded) carried(known *knownDirective) expr.Truth {
	truth := expr.False
	for _, carrier := range known.carriers {
		truth = truth.Or(carrier.has.And(l.byIdentifier[carrier.module]))
	}
	return truth
}

// hasDirective is the test of IfDirective and IfSection.
func (l *loaded) hasDirective(name string) expr.Truth {
	known, carried := l.named(name), expr.False
	if known != nil {
		carried = l.carried(known)
	}
	switch {
	case carried != expr.False:
		return carried
	case l.knowsAll() && (known != nil || !l.foreign):
		return expr.False
	}
	return expr.Unknown
}
