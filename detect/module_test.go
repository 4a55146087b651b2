package detect

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

func TestReadModuleRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	real, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty": {}, "text": []byte("LoadModule wsgi_module x"), "cut short": real[:100], "cut in the sections": real[:len(real)/2],
	} {
		path := filepath.Join(t.TempDir(), "mod_wsgi.so")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadModule(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that names the file", name, err)
		}
	}
	if _, err := ReadModule("/nonexistent/mod_wsgi.so"); err == nil {
		t.Error("no error for a file that is not there")
	}
}

// compileModule makes a shared object with the traits of a mod_wsgi module.
func compileModule(t *testing.T, source string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	input, output := filepath.Join(dir, "module.c"), filepath.Join(dir, "mod_wsgi.so")
	if err := os.WriteFile(input, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-shared", "-fPIC", "-o", output, input}, flags...)
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		needtest.Missing(t, "gcc: %v\n%s", err, out)
	}
	return output
}

func TestReadModuleWithStaticLibpython(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"PY_VERSION beside its text": `const char *a[] = {"1.2.13", "3.12.1", "Compiled for Python/%s.", "x", "6.1.1", "mod_wsgi/%s"};`,
		"PY_VERSION merged away":     `const char *a[] = {"/opt/lib/python3.12/os.py", "6.1.1", "mod_wsgi/%s", "WSGI0099: Compiled for Python/%s"};`,
		"release in one text":        `const char *a[] = {"3.12.1", "Compiled for Python/%s.", "mod_wsgi/6.1.1"};`,
	}
	for name, texts := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := ReadModule(compileModule(t, "int wsgi_module[2] = {20120211, 7};\n"+texts))
			if err != nil {
				t.Fatal(err)
			}
			got := Module{Release: m.Release, Python: m.Python, Libpython: m.Libpython, MagicNumber: m.MagicNumber}
			want := Module{Release: "6.1.1", Python: "3.12", MagicNumber: "20120211:7"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// testdata/macho_module.so is a real Mach-O file; macho_module.c beside it
// says how it was made.
func TestReadModuleOfMacOS(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "macho_module.so")
	m, err := ReadModule(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	want := Module{
		Path: path, Release: "6.1.1", Python: "3.12", Arch: "amd64", MagicNumber: "20120211:142",
		Libpython: "/opt/homebrew/lib/libpython3.12.dylib", RunPath: []string{"/opt/homebrew/lib"}, Size: info.Size(),
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}
