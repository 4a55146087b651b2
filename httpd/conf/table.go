package conf

import (
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// table are the directives of modules. It does not change once it is made: all
// configurations share that of httpd's own modules.
type table struct {
	modules    map[string]Module          // by identifier
	files      map[string]string          // identifiers by source file
	directives map[string]*knownDirective // by names in lower case
}

// knownDirective is a directive of some module's table.
type knownDirective struct {
	DirectiveForm
	older    []DirectiveForm // other forms, where the release that would tell is not known
	carriers []carrier
	refuses  func(d *Directive) string
}

// carrier is a module that has a directive, and whether its release has it.
type carrier struct {
	module string // its identifier
	has    expr.Truth
}

func newTable(size int) *table {
	return &table{modules: map[string]Module{}, files: map[string]string{}, directives: make(map[string]*knownDirective, size)}
}

// httpdTables are the tables of releases that were asked for.
var httpdTables sync.Map

// httpdTable is the table of httpd's own modules in a release.
func httpdTable(release int) *table {
	if known, ok := httpdTables.Load(release); ok {
		return known.(*table)
	}
	t := newTable(1024)
	for _, module := range allModules() {
		t.add(module.of(release), release, nil)
	}
	known, _ := httpdTables.LoadOrStore(release, t)
	return known.(*table)
}

// add adds a module. What a table before this one has of a directive comes first.
func (t *table) add(module Module, release int, before *table) {
	t.modules[module.Identifier] = module
	t.files[module.File] = module.Identifier
	var last *knownDirective
	for _, form := range module.Directives {
		key := strings.ToLower(form.Name)
		known := t.directives[key]
		if known == nil && before != nil && before.directives[key] != nil {
			copied := *before.directives[key]
			copied.carriers = copied.carriers[:len(copied.carriers):len(copied.carriers)]
			known = &copied
			t.directives[key] = known
		}
		switch {
		case known == nil:
			last = &knownDirective{DirectiveForm: form}
			if module.Refuses != nil {
				last.refuses = module.Refuses(form.Name)
			}
			known = last
			t.directives[key] = known
		case known == last:
			known.older = append(known.older, form)
		}
		known.carriers = append(known.carriers, carrier{module.Identifier, form.existence.have(release)})
	}
}
