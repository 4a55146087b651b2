package express

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trust"
)

// pyenv puts a folder of shell scripts before the Pythons on PATH: the folder above
// is no Python's, and Apache would not start with it as its home.
func TestShimIsNotTakenForThePythonOfTheModule(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"shims/python3.99", "usr/bin/python3.99"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, "usr/lib/python3.99/encodings"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Join(folder, "shims")+":"+filepath.Join(folder, "usr/bin"))
	p := planner{trusted: trust.Deciders()}
	if err := p.usePythonOf(detect.Module{Path: "mod_wsgi.so", Python: "3.99"}); err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(folder, "usr"); p.software.pythonHome != want || p.software.stdlib != want+"/lib/python3.99" {
		t.Errorf("home %s, standard library %s; want those of %s", p.software.pythonHome, p.software.stdlib, want)
	}
}
