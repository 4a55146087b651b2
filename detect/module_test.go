package detect

import (
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		t.Skipf("gcc: %v\n%s", err, out)
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

func TestResolveLibraryFollowsTheLoadersOrder(t *testing.T) {
	t.Parallel()
	library := compileModule(t, "int empty;")
	host := t.TempDir()
	put := func(dir string) {
		if err := os.MkdirAll(host+dir, 0o755); err != nil {
			t.Fatal(err)
		}
		content, _ := os.ReadFile(library)
		if err := os.WriteFile(host+dir+"/libpython3.11.so.1.0", content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := elf.Open(library)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	m := Module{Path: "/srv/mod_wsgi.so", Arch: elfArch[f.Machine], Libpython: "libpython3.11.so.1.0", RunPath: []string{"$ORIGIN/lib", "/opt/python/lib"}}
	check := func(want string) {
		t.Helper()
		if got := tree(host).resolveLibrary(m, []string{"/env/lib"}); got != want {
			t.Errorf("resolved %q, want %q", got, want)
		}
	}
	check("")
	put("/usr/lib")
	check("/usr/lib/libpython3.11.so.1.0")
	if err := os.MkdirAll(host+"/etc/ld.so.conf.d", 0o755); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(host+"/etc/ld.so.conf", []byte("include ld.so.conf.d/*.conf\n"), 0o644)
	os.WriteFile(host+"/etc/ld.so.conf.d/python.conf", []byte("# our Python\n/configured/lib\n"), 0o644)
	put("/configured/lib")
	check("/configured/lib/libpython3.11.so.1.0")
	put("/opt/python/lib")
	check("/opt/python/lib/libpython3.11.so.1.0")
	put("/srv/lib")
	check("/srv/lib/libpython3.11.so.1.0")
	put("/env/lib")
	check("/env/lib/libpython3.11.so.1.0")

	// The loader passes over a library of another architecture.
	content, _ := os.ReadFile(library)
	binary.LittleEndian.PutUint16(content[18:], uint16(elf.EM_S390))
	os.WriteFile(host+"/env/lib/libpython3.11.so.1.0", content, 0o644)
	check("/srv/lib/libpython3.11.so.1.0")
}

func TestLoaderCacheIsThatOfLdconfig(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("/sbin/ldconfig", "-p").Output()
	if err != nil {
		t.Skip(err)
	}
	want := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) \(.*\) => (\S+)$`).FindAllStringSubmatch(string(out), -1) {
		want[m[1]] = append(want[m[1]], m[2])
	}
	if len(want) == 0 {
		t.Skip("ldconfig lists nothing")
	}
	for name, paths := range want {
		if diff := cmp.Diff(paths, tree("").loaderCache(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
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
