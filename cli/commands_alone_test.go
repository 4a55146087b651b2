package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoCommandUsesTheFileOfAnother holds that what several commands share has a file of
// its own, by whose name it is found.
func TestNoCommandUsesTheFileOfAnother(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimSuffix(path, ".go")] = file
	}
	commandOf := commandsOf(files)
	declaredIn := map[string]string{} // file, by what it declares
	for name, file := range files {
		for declared := range file.Scope.Objects {
			declaredIn[declared] = name
		}
	}
	for name, file := range files {
		for _, used := range file.Unresolved {
			from := declaredIn[used.Name]
			if commandOf[name] != "" && commandOf[from] != "" && commandOf[from] != commandOf[name] {
				t.Errorf("%s.go uses %s, which is in %s.go", name, used.Name, from)
			}
		}
	}
}

// commandsOf gives the command that each file is of, by whose name its own begins.
func commandsOf(files map[string]*ast.File) map[string]string {
	isCommand := map[string]bool{"mod_wsgi_express": true} // whose commands are no types
	for name, file := range files {
		for declared, object := range file.Scope.Objects {
			if object.Kind == ast.Typ && strings.HasSuffix(declared, "Command") {
				isCommand[name] = true
			}
		}
	}
	commandOf := map[string]string{}
	for name := range files {
		words := strings.Split(name, "_")
		for n := len(words); n > 0; n-- {
			if prefix := strings.Join(words[:n], "_"); isCommand[prefix] {
				commandOf[name] = prefix // the shortest one in the end: "render" of "render_site"
			}
		}
	}
	return commandOf
}
