package hostfiles

import (
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// compileLibrary makes an empty library.
func compileLibrary(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	input, output := filepath.Join(dir, "empty.c"), filepath.Join(dir, "empty.so")
	if err := os.WriteFile(input, []byte("int empty;"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-shared", "-fPIC", "-o", output, input).CombinedOutput(); err != nil {
		needtest.Missing(t, "gcc: %v\n%s", err, out)
	}
	return output
}

func TestResolveLibraryFollowsTheLoadersOrder(t *testing.T) {
	t.Parallel()
	library := compileLibrary(t)
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
	image := Image{Arch: ELFArch[f.Machine], RunPath: []string{"$ORIGIN/lib", "/opt/python/lib"}}
	check := func(want string) {
		t.Helper()
		if got := Root(host).ResolveLibrary("libpython3.11.so.1.0", "/srv/mod_wsgi.so", image, []string{"/env/lib"}); got != want {
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
		needtest.Missing(t, "%v", err)
	}
	want := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) \(.*\) => (\S+)$`).FindAllStringSubmatch(string(out), -1) {
		want[m[1]] = append(want[m[1]], m[2])
	}
	if len(want) == 0 {
		needtest.Missing(t, "ldconfig lists nothing")
	}
	for name, paths := range want {
		if diff := cmp.Diff(paths, Root("").loaderCache(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
