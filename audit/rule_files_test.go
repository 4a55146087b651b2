package audit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestRuleFilesStandAlone: whoever takes the file of a rule away, and its line in
// rules.go, has a package that compiles. What rules share stands where its subject
// is.
func TestRuleFilesStandAlone(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declaredIn := map[string]string{} // names of the package, by the file of a rule
	methodIn := map[string]string{}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
		if !strings.HasPrefix(name, "rule_") {
			continue
		}
		for declared := range file.Scope.Objects {
			declaredIn[declared] = name
		}
		for _, declaration := range file.Decls {
			if method := methodOf(declaration); method != "" {
				methodIn[method] = name
			}
		}
	}
	if len(declaredIn) < 100 {
		t.Fatalf("only %d names are declared by rules", len(declaredIn))
	}
	listed := 0
	for name, file := range files {
		for _, used := range file.Unresolved {
			switch from := declaredIn[used.Name]; {
			case from == "":
			case name == "rules.go":
				listed++
			default:
				t.Errorf("%s uses %s of %s", name, used.Name, from)
			}
		}
	}
	if listed != len(Rules())-1 { // all but unusedIgnore, which stands where comments are read
		t.Errorf("rules.go uses %d names of the files of %d rules", listed, len(Rules()))
	}
	for name, file := range files {
		ast.Inspect(file, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok && methodIn[selector.Sel.Name] != "" && methodIn[selector.Sel.Name] != name {
				t.Errorf("%s uses %s, which is a method in %s", name, selector.Sel.Name, methodIn[selector.Sel.Name])
			}
			return true
		})
	}
}

// methodOf is the name of a method; empty for what is none.
func methodOf(declaration ast.Decl) string {
	function, ok := declaration.(*ast.FuncDecl)
	if !ok || function.Recv == nil {
		return ""
	}
	return function.Name.Name
}
