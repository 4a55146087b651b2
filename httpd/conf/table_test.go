package conf

import (
	"testing"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// TestTablesAreShared reads many files as those of one server: the table of
// httpd's modules, which takes more memory than most of them, is there once.
func TestTablesAreShared(t *testing.T) {
	t.Parallel()
	own := Module{Identifier: "own_module", Directives: []DirectiveForm{{Name: "Own"}, {Name: "Header"}}}
	a, b := newLoaded(&Options{Scope: Whole}), newLoaded(&Options{Scope: Whole, Modules: []Module{own}})
	if a.named("Alias") == nil || a.named("alias") != b.named("Alias") {
		t.Error("two tables")
	}
	b.load("own_module", expr.True)
	if b.directive("Own") == nil || b.directive("Header") == nil {
		t.Error("directives of a module of its own are missing")
	}
	if a.directive("Own") != nil || a.directive("Header") != nil {
		t.Error("directives of a module that only another server has")
	}
}
