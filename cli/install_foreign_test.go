package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// kept are the modules in root's folder for them.
func (f *foreign) kept() []string {
	f.Helper()
	found, err := filepath.Glob(f.dir + "/roots/modules/mod_wsgi-*-py3.*-????????.so")
	f.must(err)
	return found
}

// install is the command line that every case begins with.
func (f *foreign) install(more ...string) []string {
	return append([]string{"install-module", "--venv", f.venv, "--modules-directory", f.dir + "/roots/modules"}, more...)
}

// filesOf are the names below a tree, with their times.
func (f *foreign) filesOf(dir string) string {
	f.Helper()
	var all strings.Builder
	f.must(filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			fmt.Fprintln(&all, path, info.Mode(), info.ModTime())
		}
		return err
	}))
	return all.String()
}

func TestModuleForAForeignVirtualenvIsKeptByRoot(t *testing.T) {
	f := newForeign(t)
	source := f.write("roots/mod_wsgi-6.1.1.tar.gz", string(tinyArchive(t, "6.1.1")), 0o600, 0)
	before := f.filesOf(f.venv)
	code, stdout, stderr := f.run(f.install("--source", source, "--dry-run")...)
	if code != 0 || len(f.kept()) != 0 {
		t.Fatalf("exit code %d, kept %q\n%s", code, f.kept(), stderr)
	}
	f.wants(stdout, "source    "+source+"\n", "keep      "+f.dir+"/roots/modules\n", "compile   ")
	code, stdout, stderr = f.run(f.install("--source", source)...)
	kept := f.kept()
	if code != 0 || len(kept) != 1 {
		t.Fatalf("exit code %d, kept %q\n%s", code, kept, stderr)
	}
	f.wants(stdout, "LoadModule wsgi_module \""+kept[0]+"\"\n", "WSGIPythonHome \""+f.venv+"\"\n")
	f.wants(stderr, "Kept mod_wsgi 6.1.1 as "+kept[0]+", and not in the virtualenv", "/hers: it belongs to user 61001")
	if after := f.filesOf(f.venv); before != after {
		t.Errorf("root wrote into the virtualenv:\n%s", after)
	}
	code, again, stderr := f.run(f.install("--source", source)...)
	if code != 0 || again != stdout || len(f.kept()) != 1 {
		t.Errorf("exit code %d, kept %q\n%s", code, f.kept(), again)
	}
	f.wants(stderr, "mod_wsgi 6.1.1 is kept already as "+kept[0])
}

// An index of root's own has mod_wsgi 6.1.1; nothing else of it is asked for.
func (f *foreign) rootsIndex() {
	f.Helper()
	address, _ := tinyIndex(f.T)
	f.env = append(f.env, "PIP_INDEX_URL="+address+"/simple")
}

// Case 1: the virtualenv's pip.conf names an archive with a constructor.
func TestSettingsInAForeignVirtualenvDecideNothing(t *testing.T) {
	f := newForeign(t)
	f.archive("hers/links/mod_wsgi-6.9.9.tar.gz", alice)
	configuration := f.write("hers/venv/pip.conf", "[global]\nno-index = true\nfind-links = "+f.dir+"/hers/links\n", 0o644, alice)
	f.rootsIndex()
	code, _, stderr := f.run(f.install()...)
	if code != 0 {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	f.wants(stderr, "Passed over "+configuration+": "+f.dir+"/hers: it belongs to user 61001", "/etc/pip.conf", "Kept mod_wsgi 6.1.1")
	f.unharmed()
}

// Case 2: the virtualenv's Python tells which compiler to run.
func TestPythonOfAForeignVirtualenvNamesNoCompiler(t *testing.T) {
	f := newForeign(t)
	source := f.write("roots/mod_wsgi-6.1.1.tar.gz", string(tinyArchive(t, "6.1.1")), 0o600, 0)
	compiler := f.script("hers/cc", "exec /usr/bin/gcc \"$@\"")
	script := f.script("hers/python", fmt.Sprintf(`exec /usr/bin/python3 "$@" | sed 's,"CC":"[^"]*","CC":"%s",; s,"LDSHARED":"[^ ]*,"LDSHARED":"%s,'`, compiler, compiler))
	python := f.venv + "/bin/python"
	f.must(os.Remove(python))
	f.must(os.Symlink(script, python))
	f.must(os.Lchown(python, alice, alice))
	for _, more := range [][]string{{"--dry-run"}, nil} {
		code, _, stderr := f.run(f.install(append([]string{"--source", source}, more...)...)...)
		if code != 1 {
			t.Errorf("exit code %d", code)
		}
		f.wants(stderr, "the base Python", "becomes root", "python3 -m venv --clear "+f.venv, "--trust '#61001'")
	}
	f.unharmed()
	f.while(f.flip(python, script, "/usr/bin/python3"), func() {
		if _, stdout, _ := f.run(f.install("--source", source, "--dry-run")...); strings.Contains(stdout, compiler) {
			t.Errorf("her compiler would be run:\n%s", stdout)
		}
	})
	f.unharmed()
}

// Case 3: an index that wants a login, and the virtualenv's keyring.
func TestKeyringOfAForeignVirtualenvIsNotRun(t *testing.T) {
	f := newForeign(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	t.Cleanup(server.Close)
	index := "http://root@" + strings.TrimPrefix(server.URL, "http://") + "/simple"
	keyring := f.script("hers/venv/bin/keyring", "echo secret")
	f.write("hers/venv/pip.conf", "[global]\nindex-url = "+index+"\n", 0o644, alice)
	f.script("hers/bin/keyring", "echo secret")
	f.env = append(f.env, "PIP_INDEX_URL="+index, "PATH="+f.dir+"/hers/bin:/usr/sbin:/usr/bin")
	code, _, stderr := f.run(f.install("--dry-run")...)
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "Passed over "+keyring, "Passed over "+f.dir+"/hers/bin/keyring", "answered 401")
	f.unharmed()
}

// Case 4: the settings of a project in a folder above root's own.
func TestSettingsOfAFolderAboveDecideNothing(t *testing.T) {
	f := newForeign(t)
	var asked atomic.Int32
	hers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); w.WriteHeader(http.StatusNotFound) }))
	t.Cleanup(hers.Close)
	roots, _ := tinyIndex(t)
	f.write("roots/.config/uv/uv.toml", "index-url = \""+roots+"/simple\"\n", 0o644, 0)
	for name, text := range map[string]string{"uv.toml": "index-url = %q\n", "pyproject.toml": "[tool.uv]\nindex-url = %q\n"} {
		open := f.dir + "/open-" + name
		f.must(os.MkdirAll(open+"/work", 0o755))
		f.must(os.Chmod(open, 0o777|os.ModeSticky))
		settings := f.write("open-"+name+"/"+name, fmt.Sprintf(text, hers.URL), 0o644, alice)
		code, stdout, stderr := f.runIn(open+"/work", f.env, f.install("--dry-run")...)
		if code != 0 || asked.Load() != 0 {
			t.Errorf("%s: exit code %d, her index was asked %d times\n%s", name, code, asked.Load(), stderr)
		}
		f.wants(stdout, "source    "+roots)
		f.wants(stderr, "Passed over "+settings+": "+settings+": it belongs to user 61001", "/etc/uv/uv.toml")
	}
}

// Case 9: a proxy of alice's gets root's login.
func TestProxyOfAForeignVirtualenvGetsNoLogin(t *testing.T) {
	f := newForeign(t)
	var asked atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(proxy.Close)
	f.write("roots/.netrc", "machine index.example login root password secret\n", 0o600, 0)
	f.write("hers/venv/pip.conf", "[global]\nproxy = "+proxy.URL+"\ntrusted-host = index.example\n", 0o644, alice)
	f.env = append(f.env, "PIP_INDEX_URL=http://index.example/simple")
	code, _, stderr := f.run(f.install("--dry-run")...)
	if code != 1 || asked.Load() != 0 {
		t.Errorf("exit code %d, the proxy was asked %d times", code, asked.Load())
	}
	f.wants(stderr, "Passed over "+f.venv+"/pip.conf", "http://index.example/simple/mod-wsgi/ is not https")
}

// Case 11: somebody else makes the folder of the cache first.
func TestCacheOfOthersIsNotBuiltFrom(t *testing.T) {
	f := newForeign(t)
	source := f.write("roots/mod_wsgi-6.9.9.tar.gz", string(tinyArchive(t, "6.9.9")), 0o600, 0)
	evil := f.archive("hers/mod_wsgi-6.9.9.tar.gz", 0)
	f.must(os.Mkdir(f.dir+"/roots/modules", 0o755))
	for name, archive := range map[string]string{"x": source, "y": evil} {
		f.must(os.MkdirAll(f.dir+"/"+name, 0o755))
		if code, _, stderr := f.run(f.install("--source", archive, "--trust", "#61001", "--cache-dir", f.dir+"/"+name)...); code != 0 {
			t.Fatal(stderr)
		}
	}
	wheels := map[string]string{}
	for _, name := range []string{"x", "y"} {
		found, err := filepath.Glob(f.dir + "/" + name + "/wheels/*/*.whl")
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		wheels[name] = found[0]
	}
	text, err := os.ReadFile(wheels["y"])
	f.must(err)
	f.write(strings.TrimPrefix(wheels["x"], f.dir+"/"), string(text), 0o644, alice)
	f.must(os.Truncate(f.marks, 0))
	for name, whose := range map[string]string{"the wheel": wheels["x"], "the folder": f.dir + "/x"} {
		f.give(whose, alice)
		for _, more := range []string{"--force", "--dry-run"} {
			code, _, stderr := f.run(f.install("--source", source, "--cache-dir", f.dir+"/x", more)...)
			if code != 1 && more == "--force" {
				t.Errorf("%s is hers: exit code %d", name, code)
			}
			if code == 1 {
				f.wants(stderr, "cache: ", "it belongs to user 61001", "/var/cache/wsgictl")
			}
		}
	}
	f.unharmed()
}

// A source that others can change is refused, unless its digest is given.
func TestSourceOfOthersIsRefused(t *testing.T) {
	f := newForeign(t)
	text := tinyArchive(t, "6.1.1")
	source := f.write("hers/mod_wsgi-6.1.1.tar.gz", string(text), 0o644, alice)
	tree := f.write("hers/tree/src/server/mod_wsgi.c", "#error built\n", 0o644, alice)
	f.write("hers/tree/src/server/wsgi_version.h", "#define MOD_WSGI_VERSION_STRING \"6.1.1\"\n", 0o644, alice)
	f.write("roots/tree/src/server/wsgi_version.h", "#define MOD_WSGI_VERSION_STRING \"6.1.1\"\n", 0o644, 0)
	f.write("roots/tree/src/server/mod_wsgi.c", "#error built\n", 0o644, alice)
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	for _, test := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"an archive", []string{"--source", source}, 1, "give --sha256 with the digest that it must have, or take the risk by name: --trust '#61001'"},
		{"another digest", []string{"--source", source, "--sha256", strings.Repeat("0", 64)}, 1, "its SHA-256 is " + digest},
		{"the digest", []string{"--source", source, "--sha256", digest}, 0, "Kept mod_wsgi 6.1.1"},
		{"by name", []string{"--source", source, "--trust", "#61001"}, 0, "mod_wsgi 6.1.1 is kept already"},
		{"by another name", []string{"--source", source, "--trust", "#61002"}, 1, "give --sha256"},
		{"a tree", []string{"--source", filepath.Dir(filepath.Dir(filepath.Dir(tree)))}, 1, "copy it to a folder that root alone can change"},
		{"a file of a tree", []string{"--source", f.dir + "/roots/tree"}, 1, "mod_wsgi.c: it belongs to user 61001"},
		{"a name of nobody", []string{"--source", source, "--trust", "nobody-of-that-name"}, 2, "nobody-of-that-name"},
	} {
		code, _, stderr := f.run(f.install(test.args...)...)
		if code != test.code || !strings.Contains(stderr, test.says) || strings.Contains(stderr, "#error built") {
			t.Errorf("%s: exit code %d\n%s", test.name, code, stderr)
		}
	}
}

// The digest is of what is built, whatever is put in the archive's place.
func TestSourceOfOthersIsBuiltAsItWasVerified(t *testing.T) {
	f := newForeign(t)
	text := tinyArchive(t, "6.9.9")
	f.write("hers/good.tar.gz", string(text), 0o644, alice)
	f.archive("hers/evil.tar.gz", alice)
	sum := sha256.Sum256(text)
	source := f.dir + "/hers/mod_wsgi.tar.gz"
	f.while(f.flip(source, "good.tar.gz", "evil.tar.gz"), func() {
		f.run(f.install("--source", source, "--sha256", hex.EncodeToString(sum[:]), "--no-cache")...)
	})
	f.unharmed()
}

// A base Python that is alice's, which tells the words for the compiler.
func TestBasePythonOfOthersIsRefused(t *testing.T) {
	f := newForeign(t)
	source := f.write("roots/mod_wsgi-6.1.1.tar.gz", string(tinyArchive(t, "6.1.1")), 0o600, 0)
	f.basePythonOfHers()
	code, _, stderr := f.run(f.install("--source", source)...)
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "the base Python "+f.dir+"/hers/python/bin/python3.", "/hers: it belongs to user 61001", "/usr/bin/python3 -m venv --clear "+f.venv, "take the risk by name: --trust '#61001'")
	f.unharmed()
	code, stdout, stderr := f.run(f.install("--source", source, "--trust", "#61001")...)
	if code != 0 {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	f.wants(stdout, "# Built with --trust #61001: ", "LoadModule wsgi_module \""+f.dir+"/roots/modules/")
}

// basePythonOfHers makes a Python of alice's, of files of the system's, and lets
// the virtualenv lead there.
func (f *foreign) basePythonOfHers() {
	f.Helper()
	tables, err := filepath.Glob("/usr/lib/python3.*/_sysconfigdata__*.py")
	if err != nil || len(tables) == 0 {
		needtest.Missing(f, "no system Python with its tables")
	}
	for _, table := range tables {
		text, err := os.ReadFile(table)
		f.must(err)
		f.write("hers/python/lib/"+filepath.Base(filepath.Dir(table))+"/"+filepath.Base(table), string(text), 0o644, alice)
	}
	system, err := filepath.EvalSymlinks("/usr/bin/python3")
	f.must(err)
	program, err := os.ReadFile(system)
	f.must(err)
	hers := f.write("hers/python/bin/"+filepath.Base(system), string(program), 0o755, alice)
	f.must(os.Remove(f.venv + "/bin/python"))
	f.must(os.Symlink(hers, f.venv+"/bin/python"))
	f.give(f.dir+"/hers", alice)
}

// Programs of alice's in front of root's on PATH, and her folder for temporary
// files.
func TestEnvironmentLeadsRootToNothingOfOthers(t *testing.T) {
	f := newForeign(t)
	source := f.write("roots/mod_wsgi-6.1.1.tar.gz", string(tinyArchive(t, "6.1.1")), 0o600, 0)
	for _, name := range []string{"gcc", "cc", "x86_64-linux-gnu-gcc", "as", "ld", "apxs", "apxs2", "apache2", "httpd", "locale", "python3"} {
		f.script("hers/bin/"+name, "exec /usr/bin/"+name+" \"$@\"")
	}
	env := append(f.env, "PATH="+f.dir+"/hers/bin:/usr/sbin:/usr/bin")
	if code, _, stderr := f.runIn(f.dir+"/roots", env, f.install("--source", source, "--no-cache")...); code != 0 {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	f.unharmed()
	code, _, stderr := f.runIn(f.dir+"/roots", append(f.env, "CC="+f.dir+"/hers/bin/gcc"), f.install("--source", source, "--no-cache")...)
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "compiler "+f.dir+"/hers/bin/gcc: ", "it belongs to user 61001", "environment variable CC")
	f.unharmed()
	f.write("hers/tmp/file", "", 0o644, alice)
	code, _, stderr = f.runIn(f.dir+"/roots", append(f.env, "TMPDIR="+f.dir+"/hers/tmp"), f.install("--source", source, "--no-cache")...)
	if left := f.namesIn(f.dir + "/hers/tmp"); code != 0 || left != "file" {
		t.Errorf("exit code %d, left %q\n%s", code, left, stderr)
	}
	code, _, stderr = f.run("install-module", "--venv", f.venv, "--source", source, "--modules-directory", f.dir+"/hers/modules")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "folder for modules "+f.dir+"/hers/modules: ", "--modules-directory")
}
