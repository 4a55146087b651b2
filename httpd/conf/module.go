package conf

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Module is what configuration needs to know of an httpd module.
type Module struct {
	Identifier string // what LoadModule calls it: alias_module
	File       string // its source file, the other name for <IfModule>: mod_alias.c
	Directives []DirectiveForm
	// Refuses gives for the directive of a name what the module's own functions
	// say where they refuse its arguments, "" where they do not. Nil where that is
	// not known.
	Refuses func(name string) func(d *Directive) string
	// Needs are what a directive of the module asks of the host. Nil for none.
	Needs func(d *Directive) []Need
}

// DirectiveForm is one entry of a module's command table: how a directive is
// written and where it may stand.
type DirectiveForm struct {
	Name    string // as httpd spells it; sections begin with "<"
	Args    ArgsForm
	Context Context
	// Releases are those that have the directive in this form.
	Releases Releases

	existence Releases // those that have it in any form
}

// ArgsForm is how httpd splits the arguments of a directive
// (include/http_config.h: enum cmd_how).
type ArgsForm uint8

const (
	ArgsRaw      ArgsForm = iota // the directive reads its line itself
	ArgsNone                     // none at all
	ArgsFlag                     // On or Off
	Args1                        // exactly one
	Args2                        // exactly two
	Args3                        // exactly three
	Args12                       // one or two
	Args13                       // one or three
	Args23                       // two or three
	Args123                      // one to three
	ArgsIterate                  // one or more, each on its own
	ArgsIterate2                 // a first one with each of the others
	ArgsList                     // any number
)

var argsForms = map[string]ArgsForm{
	"raw": ArgsRaw, "none": ArgsNone, "flag": ArgsFlag,
	"take1": Args1, "take2": Args2, "take3": Args3, "take12": Args12, "take13": Args13,
	"take23": Args23, "take123": Args123, "iterate": ArgsIterate, "iterate2": ArgsIterate2, "argv": ArgsList,
}

// Context is the set of places where a directive may stand
// (include/http_config.h: RSRC_CONF, ACCESS_CONF, OR_…).
type Context uint16

const (
	InServer        Context = 1 << iota // outside directory sections
	InDirectory                         // inside directory sections
	InProxy                             // inside Proxy sections
	OverrideLimit                       // in .htaccess files, with AllowOverride Limit
	OverrideOptions                     // … Options
	OverrideFileInfo
	OverrideAuthConfig
	OverrideIndexes
	OnRead // takes effect while the text is read, before other directives

	// What the functions of directives themselves refuse (ap_check_cmd_context).
	NotInHost      // inside VirtualHost
	NotInDirectory // inside Directory sections, at any depth
	NotInLocation  // inside Location sections
	NotInFiles     // inside Files, If, ElseIf and Else

	OverrideAll = OverrideLimit | OverrideOptions | OverrideFileInfo | OverrideAuthConfig | OverrideIndexes
)

var contexts = map[string]Context{
	"server": InServer, "directory": InDirectory, "proxy": InProxy, "all": OverrideAll,
	"Limit": OverrideLimit, "Options": OverrideOptions, "FileInfo": OverrideFileInfo,
	"AuthConfig": OverrideAuthConfig, "Indexes": OverrideIndexes, "on-read": OnRead, "-": 0,
	"not-host": NotInHost, "not-directory": NotInDirectory, "not-location": NotInLocation, "not-files": NotInFiles,
}

//go:embed modules.txt
var modulesText string

// HTTPDModules are the modules that come with httpd 2.4, core first, with the
// directives that this release may have: those of all releases where version is
// empty or of another series. The slice is shared: do not change it.
func HTTPDModules(version string) []Module {
	release := releaseOf(version)
	modules := make([]Module, 0, len(allModules()))
	for _, module := range allModules() {
		modules = append(modules, module.of(release))
	}
	return modules
}

// of is the module without the directives that a release does not have.
func (m Module) of(release int) Module {
	absent := func(form DirectiveForm) bool { return form.Releases.have(release) == expr.False }
	if slices.ContainsFunc(m.Directives, absent) {
		m.Directives = slices.DeleteFunc(slices.Clone(m.Directives), absent)
	}
	return m
}

var allModules = sync.OnceValue(func() []Module {
	modules, err := ParseModules(modulesText)
	if err != nil {
		panic(err) // a mistake in modules.txt
	}
	return modules
})

// ParseModules reads a table of modules: a line "module IDENTIFIER FILE" for
// each, followed by its directives, one a line: name, form of the arguments,
// contexts with commas between them, and, where not all of httpd 2.4 have it
// so, the releases that do. "#" begins a comment.
func ParseModules(text string) ([]Module, error) {
	var modules []Module
	for number, row := range strings.Split(text, "\n") {
		fields := strings.Fields(row)
		switch {
		case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
		case len(fields) < 3 || len(fields) > 4:
			return nil, fmt.Errorf("module table line %d: want three or four words, have %q", number+1, row)
		case fields[0] == "module":
			modules = append(modules, Module{Identifier: fields[1], File: fields[2]})
		case len(modules) == 0:
			return nil, fmt.Errorf("module table line %d: a directive before the first module", number+1)
		default:
			form, err := parseForm(fields)
			if err != nil {
				return nil, fmt.Errorf("module table line %d: %w", number+1, err)
			}
			modules[len(modules)-1].add(form)
		}
	}
	return modules, nil
}

// add adds a row of the table: a directive, or an older form of the last one.
func (m *Module) add(form DirectiveForm) {
	m.Directives = append(m.Directives, form)
	newest := slices.IndexFunc(m.Directives, func(other DirectiveForm) bool { return other.Name == form.Name })
	rows := m.Directives[newest:]
	for i := range rows {
		rows[i].existence = form.Releases.through(rows[0].Releases)
	}
}

func parseForm(fields []string) (DirectiveForm, error) {
	args, ok := argsForms[fields[1]]
	if !ok {
		return DirectiveForm{}, fmt.Errorf("unknown form of arguments %q", fields[1])
	}
	form := DirectiveForm{Name: fields[0], Args: args}
	for word := range strings.SplitSeq(fields[2], ",") {
		context, ok := contexts[word]
		if !ok {
			return DirectiveForm{}, fmt.Errorf("unknown context %q", word)
		}
		form.Context |= context
	}
	if len(fields) < 4 {
		return form, nil
	}
	var err error
	form.Releases, err = parseReleases(fields[3])
	return form, err
}
