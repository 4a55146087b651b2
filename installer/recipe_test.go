package installer

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// compilers is a folder with programs that say which compiler they are.
func compilers(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho "+name+" 1.0\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// facts are an Apache and a Python as detect describes them.
func facts(cc string) (*detect.Apache, *detect.Python) {
	apache := &detect.Apache{Apache: installed.Apache{Layout: installed.Debian}, Headers: &detect.Headers{
		IncludeDir: "/usr/include/apache2", LibDir: "/usr/lib", CC: cc, CFlags: []string{"-DAPACHE", "-O2"}, MagicNumber: "20120211",
		BinDir: "/usr/bin", SbinDir: "/usr/sbin", LibexecDir: "/usr/lib/apache2/modules", ProgName: "apache2", ShlibPath: "LD_LIBRARY_PATH",
	}}
	python := &detect.Python{
		Version: "3.13.1", BasePrefix: "/opt/py", Shared: true, Libpython: "/opt/py/lib/libpython3.13.so", LibDir: "/opt/py/lib", LDVersion: "3.13",
		IncludeDir: "/opt/py/include/python3.13", Header: true, ABITag: "cp313", PlatformTag: "linux_x86_64", ExtSuffix: ".cpython-313-x86_64-linux-gnu.so",
		CC: cc + " -pthread", CFlags: "-DNDEBUG -O3 -Wall", CCShared: "-fPIC", LDShared: cc + " -pthread -shared -L.",
	}
	return apache, python
}

func none(string) string { return "" }

func TestRecipeKeepsTheOrderOfSetuptools(t *testing.T) {
	t.Parallel()
	cc := filepath.Join(compilers(t, "cc"), "cc")
	apache, python := facts(cc)
	environment := map[string]string{"CFLAGS": "-g3", "CPPFLAGS": "-DMINE", "LDFLAGS": "-s"}
	r, err := newRecipe(t.Context(), "digest", apache, python, func(name string) string { return environment[name] })
	if err != nil {
		t.Fatal(err)
	}
	added, wrap := knownImport()
	want := recipe{
		Format: recipeFormat, Source: "digest",
		Compile: strings.Fields(cc + " -pthread -DNDEBUG -O3 -Wall -fPIC -I/usr/include/apache2 -I/opt/py/include/python3.13 -DAPACHE -O2 -DMINE -g3"),
		Link:    []string{cc, "-pthread", "-shared", "-L.", "-s"}, Wrap: wrap, KnownImport: added,
		Libraries: strings.Fields("-L/opt/py/lib -Wl,-rpath,/opt/py/lib -lpython3.13"),
		Compiler:  "cc 1.0", Python: "3.13.1", Prefix: "/opt/py", MagicNumber: "20120211",
		ModuleFile: "mod_wsgi-py313.cpython-313-x86_64-linux-gnu.so", WheelTag: "cp313-cp313-linux_x86_64", ApxsConfig: apxsConfig(apache),
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
}

func TestLibraryWords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		python detect.Python
		want   string
	}{
		"Apache's own library folder needs no run path": {
			detect.Python{Version: "3.11.2", Libpython: "/usr/lib/libpython3.11.so", LDVersion: "3.11"}, "-lpython3.11",
		},
		"a folder of its own": {
			detect.Python{Version: "3.11.2", Libpython: "/opt/lib/libpython3.11.so", LDVersion: "3.11"}, "-L/opt/lib -Wl,-rpath,/opt/lib -lpython3.11",
		},
		// setup.py would see libpython3.13.a of the usual build there and name that.
		"free-threaded beside the usual build": {
			detect.Python{Version: "3.13.0", Libpython: "/opt/lib/libpython3.13t.so", StaticLib: "/opt/lib/libpython3.13.a", LDVersion: "3.13t", FreeThreaded: true},
			"-L/opt/lib -Wl,-rpath,/opt/lib -lpython3.13t",
		},
		"debug build": {
			detect.Python{Version: "3.12.0", Libpython: "/opt/lib/libpython3.12d.so", LDVersion: "3.12d"}, "-L/opt/lib -Wl,-rpath,/opt/lib -lpython3.12d",
		},
		"ABI flag of old": {
			detect.Python{Version: "3.7.16", Libpython: "/opt/lib/libpython3.7m.so", LDVersion: "3.7m"}, "-L/opt/lib -Wl,-rpath,/opt/lib -lpython3.7m",
		},
		"static": {
			detect.Python{Version: "3.12.0", StaticLib: "/opt/lib/python3.12/config/libpython3.12.a", Libs: "-ldl -lm"},
			"-Wl,--whole-archive /opt/lib/python3.12/config/libpython3.12.a -Wl,--no-whole-archive -ldl -lm",
		},
	} {
		got := libraryWords(&detect.Headers{LibDir: "/usr/lib"}, &test.python)
		if diff := cmp.Diff(strings.Fields(test.want), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWheelTag(t *testing.T) {
	t.Parallel()
	for want, python := range map[string]detect.Python{
		"cp311-cp311-linux_x86_64":      {Version: "3.11.7", ABITag: "cp311", PlatformTag: "linux_x86_64"},
		"cp37-cp37m-linux_x86_64":       {Version: "3.7.16", ABITag: "cp37m", PlatformTag: "linux_x86_64"},
		"cp313-cp313t-linux_aarch64":    {Version: "3.13.0", ABITag: "cp313t", PlatformTag: "linux_aarch64"},
		"cp312-cp312-macosx_14_0_arm64": {Version: "3.12.1", ABITag: "cp312", PlatformTag: "macosx_14_0_arm64"},
	} {
		if diff := cmp.Diff(want, wheelTag(&python)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestCompilerIsChosen(t *testing.T) {
	dir := compilers(t, "pythons-cc", "my-cc", "gcc", "apaches-cc")
	t.Setenv("PATH", dir)
	for name, test := range map[string]struct {
		pythonCC, variable string
		apacheCC           string
		compile, link      string
	}{
		"Python's": {"pythons-cc", "", "apaches-cc", "pythons-cc -pthread -DNDEBUG -O3 -Wall -fPIC", "pythons-cc -pthread -shared -L."},
		"CC's":     {"pythons-cc", "my-cc -m64", "apaches-cc", "my-cc -m64 -DNDEBUG -O3 -Wall -fPIC", "my-cc -m64 -shared -L."},
		"Apache's": {"gone-cc", "", "apaches-cc", "apaches-cc -DNDEBUG -fPIC", "apaches-cc -shared"},
		"any":      {"gone-cc", "gone-too", "gone-cc", "gcc -DNDEBUG -fPIC", "gcc -shared"},
	} {
		apache, python := facts(test.pythonCC)
		apache.Headers.CC = test.apacheCC
		tools, err := findTools(apache, python, func(string) string { return test.variable })
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.compile, strings.Join(tools.compile, " ")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(test.link, strings.Join(tools.link, " ")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	t.Setenv("PATH", t.TempDir())
	apache, python := facts("gone-cc")
	if _, err := findTools(apache, python, none); err == nil || !strings.Contains(err.Error(), "no C compiler") {
		t.Errorf("no compiler: %v", err)
	}
}

func TestKeyChangesWithWhateverDecides(t *testing.T) {
	t.Parallel()
	cc := filepath.Join(compilers(t, "cc"), "cc")
	keyOf := func(change func(*detect.Apache, *detect.Python), digest string) string {
		apache, python := facts(cc)
		change(apache, python)
		r, err := newRecipe(t.Context(), digest, apache, python, none)
		if err != nil {
			t.Fatal(err)
		}
		return r.key()
	}
	keys := []string{keyOf(func(*detect.Apache, *detect.Python) {}, "digest")}
	for name, change := range map[string]func(*detect.Apache, *detect.Python){
		"ABI":          func(_ *detect.Apache, p *detect.Python) { p.ABITag = "cp313d" },
		"prefix":       func(_ *detect.Apache, p *detect.Python) { p.BasePrefix = "/other" },
		"patch":        func(_ *detect.Apache, p *detect.Python) { p.Version = "3.13.2" },
		"magic number": func(a *detect.Apache, _ *detect.Python) { a.Headers.MagicNumber = "20120212" },
		"flags":        func(a *detect.Apache, _ *detect.Python) { a.Headers.CFlags = []string{"-O3"} },
		"modules":      func(a *detect.Apache, _ *detect.Python) { a.Headers.LibexecDir = "/other" },
	} {
		key := keyOf(change, "digest")
		if slices.Contains(keys, key) {
			t.Errorf("the key does not change with the %s", name)
		}
		keys = append(keys, key)
	}
	if slices.Contains(keys, keyOf(func(*detect.Apache, *detect.Python) {}, "other")) {
		t.Error("the key does not change with the archive")
	}
	if keys[0] != keyOf(func(*detect.Apache, *detect.Python) {}, "digest") {
		t.Error("the key changes by itself")
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	apache, python := facts("cc")
	noHeader := *python
	noHeader.Header = false
	for says, test := range map[string]struct {
		apache *detect.Apache
		python *detect.Python
	}{
		"no Apache found":  {nil, python},
		"no apxs for this": {&detect.Apache{}, python},
		"no Python found":  {apache, nil},
		"no Python.h in":   {apache, &noHeader},
	} {
		_, err := newRecipe(t.Context(), "digest", test.apache, test.python, none)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want %q", err, says)
		}
	}
}
