package express_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestCompilesTheLibrary once, and again when it has changed.
func TestCompilesTheLibrary(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	setup := a.plan(t, nil)
	library := filepath.Join(a.Root, "python", "wsgictl_express")
	compiled := func() os.FileInfo {
		t.Helper()
		if err := setup.Write(); err != nil {
			t.Fatal(err)
		}
		setup.Compile()
		found, _ := filepath.Glob(filepath.Join(library, "__pycache__", "application.*.pyc"))
		if len(found) != 1 {
			t.Fatalf("compiled: %q", found)
		}
		info, err := os.Stat(found[0])
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	first := compiled()
	if first.Mode().Perm() != 0o644 {
		t.Errorf("mode %v: the application cannot read it", first.Mode())
	}
	if again := compiled(); !os.SameFile(first, again) {
		t.Error("compiled again without a change")
	}
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(filepath.Join(library, "application.py"), later, later); err != nil {
		t.Fatal(err)
	}
	if again := compiled(); os.SameFile(first, again) {
		t.Error("not compiled after a change")
	}
}
