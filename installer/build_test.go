package installer

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

// tinyTree is a source tree as mod_wsgi's, whose C files compile in no time.
func tinyTree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"src/__init__.py":             "",
		"src/server/__init__.py":      "",
		"src/server/mod_wsgi.c":       "int wsgi_module = 1;\n",
		"src/server/wsgi_b.c":         "/* longer than the other one, so compiled first */\nint b = 2;\n",
		"src/server/wsgi_version.h":   "#define MOD_WSGI_VERSION_STRING \"9.8.7\"\n",
		"src/express/__init__.py":     "",
		"src/express/cli.py":          "def main(): pass\n",
		"src/express/apxs_config.py":  "stale = True\n",
		"images/__init__.py":          "",
		"images/snake-whiskey.jpg":    "jpg",
		"LICENSE":                     "Apache",
		"setup.py":                    "setup(python_requires='>=3.10')\n",
		"tests/hello.wsgi":            "not packaged",
		".git/HEAD":                   "changes at will",
		"src/server/wsgi_unrelated.h": "",
	}
	for name, content := range files {
		all[name] = content
	}
	for name, content := range all {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// thisHost is what the tests build for.
var thisHost = sync.OnceValues(func() (detect.Host, error) {
	return detect.Detect(context.Background(), detect.Request{Python: "/usr/bin/python3"})
})

func testBuilder(t testing.TB) *Builder {
	t.Helper()
	host, err := thisHost()
	if err == nil && (host.Apache == nil || host.Apache.Headers == nil || host.Python == nil || !host.Python.Header) {
		err = errors.New("no development packages of Apache and Python here")
	}
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	return &Builder{Apache: host.Apache, Python: host.Python, Cache: t.TempDir(), Getenv: none, Trusted: trust.Deciders()}
}

func mustOpen(t testing.TB, path string) Source {
	t.Helper()
	source, err := OpenSource(path)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestBuildMakesAStandardWheel(t *testing.T) {
	t.Parallel()
	b := testBuilder(t)
	wheel, err := b.Build(t.Context(), mustOpen(t, tinyTree(t, nil)))
	if err != nil {
		t.Fatal(err)
	}
	module := wheel.ModuleFile()
	if !strings.HasPrefix(module, "mod_wsgi-py3") || !strings.HasSuffix(module, b.Python.ExtSuffix) {
		t.Errorf("module %s", module)
	}
	want := []string{
		"mod_wsgi/__init__.py", "mod_wsgi/express/__init__.py", "mod_wsgi/express/cli.py", "mod_wsgi/server/__init__.py",
		"mod_wsgi/images/__init__.py", "mod_wsgi/images/snake-whiskey.jpg",
		"mod_wsgi/server/" + module, "mod_wsgi/server/mod_wsgictl" + strings.TrimPrefix(module, "mod_wsgi"), "mod_wsgi/express/apxs_config.py",
		"mod_wsgi-9.8.7.dist-info/METADATA", "mod_wsgi-9.8.7.dist-info/WHEEL", "mod_wsgi-9.8.7.dist-info/entry_points.txt",
		"mod_wsgi-9.8.7.dist-info/licenses/LICENSE", "mod_wsgi-9.8.7.dist-info/RECORD",
	}
	if diff := cmp.Diff(want, namesOf(wheel)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("mod_wsgi-9.8.7-"+wheelTag(b.Python)+".whl", filepath.Base(wheel.Path)); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{
		"METADATA":         "Metadata-Version: 2.1\nName: mod_wsgi\nVersion: 9.8.7\nSummary: Installer for Apache/mod_wsgi.\nRequires-Python: >=3.10\n",
		"WHEEL":            "Wheel-Version: 1.0\nGenerator: wsgictl\nRoot-Is-Purelib: false\nTag: " + wheelTag(b.Python) + "\n",
		"entry_points.txt": "[console_scripts]\nmod_wsgi-express = mod_wsgi.express.cli:main\n",
	} {
		if diff := cmp.Diff(want, contentOf(wheel, "mod_wsgi-9.8.7.dist-info/"+name)); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff(apxsConfig(b.Apache), contentOf(wheel, "mod_wsgi/express/apxs_config.py")); diff != "" {
		t.Error(diff)
	}
}

func contentOf(w *Wheel, name string) string {
	for _, file := range w.files {
		if file.name == name {
			return string(file.data)
		}
	}
	return "(no such file)"
}

func TestBuildOfAnOlderLayout(t *testing.T) {
	t.Parallel()
	dir := tinyTree(t, map[string]string{
		"PKG-INFO":                      "Metadata-Version: 2.1\nName: mod_wsgi-standalone\nVersion: 9.8.7\n\nA description.\n",
		"docs/_build/html/__init__.py":  "",
		"docs/_build/html/a/index.html": "",
	})
	if err := os.RemoveAll(filepath.Join(dir, "src/express")); err != nil {
		t.Fatal(err)
	}
	wheel, err := testBuilder(t).Build(t.Context(), mustOpen(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"mod_wsgi/server/apxs_config.py", "mod_wsgi/docs/__init__.py", "mod_wsgi/docs/a/index.html", "mod_wsgi_standalone-9.8.7.dist-info/METADATA",
	} {
		if !slices.Contains(namesOf(wheel), name) {
			t.Errorf("no %s in the wheel", name)
		}
	}
	if diff := cmp.Diff("[console_scripts]\nmod_wsgi-express = mod_wsgi.server:main\n", contentOf(wheel, "mod_wsgi_standalone-9.8.7.dist-info/entry_points.txt")); diff != "" {
		t.Error(diff)
	}
}

// isOfBeside tells the steps of mod_wsgictl.
func isOfBeside(step Step) bool {
	return strings.HasPrefix(step.What, "compile source/") || strings.HasPrefix(step.What, "link mod_wsgictl.so")
}

func TestBuildTakesTheCachedWheel(t *testing.T) {
	t.Parallel()
	b := testBuilder(t)
	var steps atomic.Int32
	b.Report = func(step Step) {
		if !isOfBeside(step) {
			steps.Add(1)
		}
	}
	source := mustOpen(t, tinyTree(t, nil))
	build := func() (*Wheel, int32) {
		t.Helper()
		steps.Store(0)
		wheel, err := b.Build(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		return wheel, steps.Load()
	}
	first, n := build()
	if n != 4 {
		t.Errorf("%d steps the first time, want two files, one of our own and a link", n)
	}
	second, n := build()
	if n != 0 {
		t.Errorf("%d steps the second time, want none", n)
	}
	if diff := cmp.Diff(first.files, second.files, cmp.AllowUnexported(wheelFile{})); diff != "" {
		t.Error("the cached wheel is another:", diff)
	}
	if err := os.WriteFile(first.Path, []byte("damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, n := build(); n != 4 {
		t.Errorf("%d steps after damage, want all", n)
	}
	plan, err := b.Plan(t.Context(), source.Digest)
	if err != nil || !plan.Cached {
		t.Errorf("plan %v, %v", plan, err)
	}
	plan, err = b.Plan(t.Context(), "other")
	if err != nil || plan.Cached {
		t.Errorf("plan %v, %v", plan, err)
	}
}

func TestBuildTwoAtOnceCompilesOnce(t *testing.T) {
	t.Parallel()
	b := testBuilder(t)
	var steps atomic.Int32
	b.Report = func(step Step) {
		if !isOfBeside(step) {
			steps.Add(1)
		}
	}
	source := mustOpen(t, tinyTree(t, nil))
	errs := make(chan error)
	for range 4 {
		go func() {
			_, err := b.Build(context.Background(), source)
			errs <- err
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := steps.Load(); n != 4 {
		t.Errorf("%d steps, want 4", n)
	}
}

func TestSameArchiveMakesTheSameBytes(t *testing.T) {
	t.Parallel()
	archive := filepath.Join(t.TempDir(), "mod_wsgi-9.8.7.tar.gz")
	if out, err := exec.Command("tar", "-C", tinyTree(t, nil), "-czf", archive, "src", "setup.py").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var wheels [2][]byte
	for i := range wheels {
		wheel, err := testBuilder(t).Build(t.Context(), mustOpen(t, archive))
		if err != nil {
			t.Fatal(err)
		}
		if wheels[i], err = os.ReadFile(wheel.Path); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(wheels[0], wheels[1]) {
		t.Error("two builds of one archive differ")
	}
}

func TestTreeDigestFollowsContent(t *testing.T) {
	t.Parallel()
	dir := tinyTree(t, nil)
	for name, changes := range map[string]bool{".git/HEAD": false, "src/server/mod_wsgi.c": true} {
		before := mustOpen(t, dir).Digest
		if err := os.WriteFile(filepath.Join(dir, name), []byte("int wsgi_module = 2;\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := mustOpen(t, dir).Digest; (got != before) != changes {
			t.Errorf("%s changed: digest changed %v, want %v", name, got != before, changes)
		}
	}
}

func TestUnitsComeLargestFirst(t *testing.T) {
	t.Parallel()
	tree, err := openTree(tinyTree(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	units, err := tree.units()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"src/server/wsgi_b.c", "src/server/mod_wsgi.c"}, units); diff != "" {
		t.Error(diff)
	}
}

func TestJobsBoundsTheCompilers(t *testing.T) {
	t.Parallel()
	b := testBuilder(t)
	dir := t.TempDir()
	counting := filepath.Join(dir, "cc")
	script := `#!/bin/sh
case "$*" in *--version*) exec gcc --version ;; *' -c '*) ;; *) exec gcc "$@" ;; esac
touch "` + dir + `/$$.running"
ls "` + dir + `"/*.running | wc -l >> "` + dir + `/seen"
sleep 0.2
gcc "$@"; code=$?
rm "` + dir + `/$$.running"
exit $code
`
	if err := os.WriteFile(counting, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	b.Getenv = func(name string) string { return map[string]string{"CC": counting}[name] }
	source := mustOpen(t, tinyTree(t, map[string]string{"src/server/wsgi_c.c": "int c;", "src/server/wsgi_d.c": "int d;"}))
	for _, jobs := range []int{1, 3} {
		b.Jobs, b.Cache = jobs, t.TempDir()
		if _, err := b.Build(t.Context(), source); err != nil {
			t.Fatal(err)
		}
		seen, err := os.ReadFile(filepath.Join(dir, "seen"))
		if err != nil {
			t.Fatal(err)
		}
		most := slices.Max(strings.Fields(string(seen)))
		if want := map[int]string{1: "1", 3: "3"}[jobs]; most != want {
			t.Errorf("%d jobs: %s compilers at a time", jobs, most)
		}
	}
}

func TestFailingCompileIsExplained(t *testing.T) {
	t.Parallel()
	b := testBuilder(t)
	b.Jobs = 1
	_, err := b.Build(t.Context(), mustOpen(t, tinyTree(t, map[string]string{
		"src/server/mod_wsgi.c": "#error Sorry, mod_wsgi requires at least Python 3.10.0.\n#include <nowhere.h>\n",
	})))
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want 4:\n%v", len(lines), err)
	}
	for i, want := range []string{
		"build mod_wsgi 9.8.7: ", "src/server/mod_wsgi.c:1:2: error: #error Sorry", "this Python is older than the release wants: use", "all messages: ",
	} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("line %d is %q, want %q", i, lines[i], want)
		}
	}
	log := strings.TrimPrefix(lines[3], "all messages: ")
	defer os.Remove(log)
	text, readErr := os.ReadFile(log)
	if readErr != nil || !strings.Contains(string(text), "nowhere.h") || !strings.Contains(string(text), "-c src/server/mod_wsgi.c") {
		t.Errorf("log %q: %v", text, readErr)
	}
	if left, _ := filepath.Glob(filepath.Join(b.Cache, "wheels", "*", "*")); len(left) > 0 {
		t.Errorf("left in the cache: %v", left)
	}
}

func TestBuildEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b := testBuilder(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.Jobs = 1
	b.Report = func(Step) { cancel() }
	if _, err := b.Build(ctx, mustOpen(t, tinyTree(t, nil))); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCheckMayRefuseBeforeCompiling(t *testing.T) {
	t.Parallel()
	b := testBuilder(t)
	no := errors.New("no")
	b.Check = func(release modwsgi.Release) error {
		if release.String() != "9.8.7" {
			t.Errorf("asked about %s", release)
		}
		return no
	}
	b.Report = func(step Step) { t.Errorf("step %v", step) }
	if _, err := b.Build(t.Context(), mustOpen(t, tinyTree(t, nil))); !errors.Is(err, no) {
		t.Error(err)
	}
}

func TestSourceThatIsNotModWSGI(t *testing.T) {
	t.Parallel()
	b := testBuilder(t)
	if _, err := b.Build(t.Context(), mustOpen(t, t.TempDir())); !errors.Is(err, errNotModWSGI) {
		t.Error(err)
	}
	if _, err := OpenSource(filepath.Join(t.TempDir(), "gone.tar.gz")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := (Source{Path: "x", Digest: strings.Repeat("a", 64)}).Verify(strings.Repeat("B", 64)); err == nil {
		t.Error("another digest is taken")
	}
	if err := (Source{Path: "x", Digest: strings.Repeat("a", 64)}).Verify(strings.Repeat("A", 64)); err != nil {
		t.Error(err)
	}
}
