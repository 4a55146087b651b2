package httpdconf

import (
	"slices"
	"strings"
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
	byIdentifier map[string]Truth
	byFile       map[string]Truth
	directives   map[string]*knownDirective // names in lower case
	known        map[string]Module          // the tables, by identifier
	release      int                        // of httpd 2.4
	foreign      bool                       // a module without a table is loaded
	complete     bool                       // what is not loaded is absent
	basic        bool                       // one that no server is without was loaded
}

// knownDirective is a directive of some module's table.
type knownDirective struct {
	DirectiveForm
	older   []DirectiveForm // other forms, where the release that would tell is not known
	loaded  Truth           // whether a module that has it is loaded at this line
	refuses func(d *Directive) string
}

func newLoaded(options *Options) *loaded {
	l := &loaded{
		byIdentifier: map[string]Truth{}, byFile: map[string]Truth{},
		directives: make(map[string]*knownDirective, 1024),
		known:      map[string]Module{}, release: releaseOf(options.Version), complete: options.Scope == Whole,
	}
	for _, module := range slices.Concat(allModules(), options.Modules) {
		l.addTable(module.of(l.release))
	}
	static := options.Static
	if len(static) == 0 {
		static = everyServer
		for _, name := range oftenStatic {
			l.load(l.identifier(name), Unknown)
		}
	}
	for _, name := range slices.Concat(static, options.Assumed) {
		l.load(l.identifier(name), True)
	}
	return l
}

func (l *loaded) addTable(module Module) {
	l.known[module.Identifier] = module
	var last *knownDirective
	for _, form := range module.Directives {
		key := strings.ToLower(form.Name)
		switch known := l.directives[key]; {
		case known == nil:
			last = &knownDirective{DirectiveForm: form, refuses: module.Refuses}
			l.directives[key] = last
		case known == last:
			known.older = append(known.older, form)
		}
	}
}

// identifier turns a module's source file, with or without "mod_" and ".c",
// into its identifier.
func (l *loaded) identifier(name string) string {
	if strings.HasSuffix(name, "_module") {
		return name
	}
	file := strings.TrimSuffix(name, ".c") + ".c"
	for identifier, module := range l.known {
		if module.File == file || module.File == "mod_"+file {
			return identifier
		}
	}
	name = strings.TrimPrefix(name, "mod_")
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".c"), ".so")
	return name + "_module"
}

// load adds a module. certain is not True inside a condition that was not
// decided.
func (l *loaded) load(identifier string, certain Truth) {
	module, ok := l.known[identifier]
	if !ok {
		l.foreign = true
		module = Module{Identifier: identifier, File: "mod_" + strings.TrimSuffix(identifier, "_module") + ".c"}
	}
	if strings.HasPrefix(identifier, "mpm_") && certain == True {
		l.dropOtherMPMs(identifier)
	}
	l.byIdentifier[identifier] = max(l.byIdentifier[identifier], certain)
	l.byFile[module.File] = max(l.byFile[module.File], certain)
	for _, form := range module.Directives {
		known := l.directives[strings.ToLower(form.Name)]
		known.loaded = known.loaded.or(certain.and(form.existence.have(l.release)))
	}
}

// dropOtherMPMs takes the MPMs that might have been compiled in for absent: a
// server has only one.
func (l *loaded) dropOtherMPMs(identifier string) {
	for other, truth := range l.byIdentifier {
		if strings.HasPrefix(other, "mpm_") && other != identifier && truth == Unknown {
			delete(l.byIdentifier, other)
			delete(l.byFile, l.known[other].File)
		}
	}
}

// has is the test of IfModule: by identifier or by source file, exactly.
func (l *loaded) has(name string) Truth {
	if truth := max(l.byIdentifier[name], l.byFile[name]); truth != False || l.complete {
		return truth
	}
	return Unknown
}

// directive finds a directive by its name as written, or nil. In a whole
// configuration only those of modules loaded so far count.
func (l *loaded) directive(name string) *knownDirective {
	return l.usable(l.directives[strings.ToLower(name)])
}

// usable is the directive where one counts, or nil.
func (l *loaded) usable(known *knownDirective) *knownDirective {
	if known == nil || l.complete && known.loaded == False {
		return nil
	}
	return known
}

// hasDirective is the test of IfDirective and IfSection.
func (l *loaded) hasDirective(name string) Truth {
	known := l.directives[strings.ToLower(name)]
	switch {
	case known != nil && known.loaded != False:
		return known.loaded
	case l.complete && (known != nil || !l.foreign):
		return False
	}
	return Unknown
}
