package installer

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/needtest"
)

// keptModule puts a made-up module, without a libpython, into a folder.
func keptModule(t *testing.T, folder, name string, age time.Duration) {
	t.Helper()
	text, err := os.ReadFile("/bin/sh")
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	path := filepath.Join(folder, name)
	built := time.Now().Add(-age)
	if err := os.WriteFile(path, text, 0o644); err != nil || os.Chtimes(path, built, built) != nil {
		t.Fatal(err)
	}
}

func TestFindKeptGivesTheNewestForThePython(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	keptModule(t, folder, "mod_wsgi-5.0.2-py3.11-00000001.so", 0)
	keptModule(t, folder, "mod_wsgi-6.1.1-py3.11-00000002.so", time.Hour)
	keptModule(t, folder, "mod_wsgi-6.1.1-py3.11-00000003.so", time.Minute)
	keptModule(t, folder, "mod_wsgi-6.2.0-py3.12-00000004.so", 0)
	keptModule(t, folder, "mod_wsgi-6.9-py3.11-mine.so", 0)
	kept, err := FindKept(folder, detect.Python{Version: "3.11.2"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, k := range kept {
		names = append(names, filepath.Base(k.Module.Path)+" "+k.Release.String()+" "+k.Module.Python)
	}
	want := []string{
		"mod_wsgi-6.1.1-py3.11-00000003.so 6.1.1 3.11", "mod_wsgi-6.1.1-py3.11-00000002.so 6.1.1 3.11", "mod_wsgi-5.0.2-py3.11-00000001.so 5.0.2 3.11",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if none, err := FindKept(filepath.Join(folder, "gone"), detect.Python{Version: "3.11.2"}); err != nil || len(none) > 0 {
		t.Errorf("%v, %v", none, err)
	}
	shared := detect.Python{Version: "3.11.2", Libpython: "/usr/lib/libpython3.11.so.1.0"}
	if others, err := FindKept(folder, shared); err != nil || len(others) > 0 {
		t.Errorf("modules with a static libpython serve a Python with a shared one: %v, %v", others, err)
	}
}

func TestKeptModuleIsLoadedWithThePythonsOwnLibrary(t *testing.T) {
	t.Parallel()
	const other = "/bin/sh" // a file that is there
	own := filepath.Join(t.TempDir(), "libpython3.11.so.1.0")
	if err := os.WriteFile(own, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		module detect.Module
		python string
		want   string
		fits   bool
	}{
		"static":                {detect.Module{Python: "3.11"}, "", "", true},
		"the loader finds it":   {detect.Module{Python: "3.11", Libpython: "libpython3.11.so.1.0", Resolved: own}, own, "", true},
		"the loader finds none": {detect.Module{Python: "3.11", Libpython: "libpython3.11.so.1.0"}, own, own, true},
		"of another build":      {detect.Module{Python: "3.11", Libpython: "libpython3.11d.so.1.0"}, own, own, false},
		"of another Python":     {detect.Module{Python: "3.11", Libpython: "libpython3.11.so.1.0", Resolved: other}, own, own, false},
		"of another version":    {detect.Module{Python: "3.12"}, "", "", false},
	} {
		k := Kept{Module: test.module}
		python := detect.Python{Version: "3.11.2", Libpython: test.python}
		if got := k.LoadFile(python); got != test.want || k.fits(python) != test.fits {
			t.Errorf("%s: loads %q, fits %v", name, got, k.fits(python))
		}
	}
}
