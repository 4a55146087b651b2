package express_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestCompilesTheLibrary once, and again when it has changed.
func TestCompilesTheLibrary(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	setup := a.plan(t, nil)
	library := filepath.Join(a.Root, "python", "wsgictl_express")
	compiled := func() os.FileInfo {
		t.Helper()
		if err := setup.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
		setup.Compile(t.Context())
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

// TestCompilesTheLibraryWithNoCodeOfTheCurrentFolder, in which anybody may have
// put a module of that name: root may stand in /tmp.
func TestCompilesTheLibraryWithNoCodeOfTheCurrentFolder(t *testing.T) {
	a := newApplication(t, "6.1.1")
	setup := a.plan(t, nil)
	if err := setup.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	planted := t.TempDir()
	if err := os.WriteFile(filepath.Join(planted, "compileall.py"), []byte("open('ran', 'w')"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(planted)
	setup.Compile(t.Context())
	if _, err := os.Stat(filepath.Join(planted, "ran")); err == nil {
		t.Error("a module of the current folder was run")
	}
}

func TestFolderOfTheApplicationBelongsToIt(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	a := newApplication(t, "6.1.1")
	eggs := filepath.Join(a.Dir, "deep", "eggs")
	setup := a.plan(t, []string{"--python-eggs", eggs})
	for range 2 { // also when it is there
		if err := setup.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(eggs)
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 65534 || info.Mode().Perm() != 0o755 { //nolint:forcetypeassert // of the systems that run this
		t.Errorf("it belongs to user %d, mode %04o", owner, info.Mode().Perm())
	}
}
