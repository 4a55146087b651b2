package templates_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPythonOfServerRoots runs the checks of express/test_express.py, which
// need no test framework, under each Python at hand.
func TestPythonOfServerRoots(t *testing.T) {
	t.Parallel()
	pythons := []string{"/usr/bin/python3"}
	for _, pattern := range []string{"/root/.pyenv/versions/3.[89].*", "/root/.pyenv/versions/3.1[0-9].*", "/opt/hostedtoolcache/Python/3.*/x64"} {
		found, err := filepath.Glob(filepath.Join(pattern, "bin", "python3"))
		if err != nil {
			t.Fatal(err)
		}
		pythons = append(pythons, found...)
	}
	for _, python := range pythons {
		t.Run(python, func(t *testing.T) {
			t.Parallel()
			command := exec.Command(python, "-W", "error", "-B", "express/test_express.py")
			command.Env = append(os.Environ(), "PYTHONPATH=express")
			if output, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}
