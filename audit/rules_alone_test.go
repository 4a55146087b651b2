package audit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRulesStandAlone finds what one rule's file declares and another file
// needs: taking a rule away, with its line in rules.go, must leave the rest
// compiling. What several rules need stands where its subject lives.
func TestRulesStandAlone(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declaredIn := map[string]string{} // files of rules by what they declare
	used := map[string][]string{}     // files by what they name
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		isRule := strings.HasPrefix(name, "rule_")
		for _, declared := range declarations(file) {
			if isRule {
				declaredIn[declared] = name
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && !slices.Contains(used[id.Name], name) {
				used[id.Name] = append(used[id.Name], name)
			}
			return true
		})
	}
	if len(declaredIn) < len(names)/2 {
		t.Fatalf("only %d declarations of rules are seen", len(declaredIn))
	}
	for declared, name := range declaredIn {
		for _, user := range used[declared] {
			if user != name && user != "rules.go" {
				t.Errorf("%s needs %s of %s", user, declared, name)
			}
		}
	}
}

// declarations are the names that a file declares for its package.
func declarations(file *ast.File) []string {
	var names []string
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			names = append(names, d.Name.Name)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					names = append(names, spec.Name.Name)
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return names
}

// TestRulesLeaveDoubtToOnePlace finds rules that ask whether something is certain:
// they report what it hangs on, and doubt.go asks.
func TestRulesLeaveDoubtToOnePlace(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("rule_*.go")
	if err != nil || len(names) < 50 {
		t.Fatalf("%d files of rules, %v", len(names), err)
	}
	asking := []string{"IsNever", "IsCertain", "Doubts", "isCertainWith", "holdsWith"}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok && slices.Contains(asking, selector.Sel.Name) {
				t.Errorf("%s asks for %s", name, selector.Sel.Name)
			}
			return true
		})
	}
}
