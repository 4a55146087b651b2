package installer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store/storetest"
)

// madeUpWheel is a wheel with a package whose files all hold the release.
func madeUpWheel(release string) *Wheel {
	w := &Wheel{Distribution: "mod_wsgi", Release: modwsgi.MustParseRelease(release)}
	for i := range 20 {
		w.add(fmt.Sprintf("mod_wsgi/express/file%d.py", i), []byte(release))
	}
	w.add("mod_wsgi/__init__.py", nil)
	w.add("mod_wsgi/only_in_"+release+".py", nil)
	w.add("mod_wsgi/server/mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so", bytes.Repeat([]byte(release), 100_000)).executable = true
	w.add("mod_wsgi/server/mod_wsgictl-py311.cpython-311-x86_64-linux-gnu.so", []byte("beside "+release)).executable = true
	w.add(w.distInfo()+"/METADATA", []byte("Name: mod_wsgi\nVersion: "+release+"\n"))
	w.add(w.distInfo()+"/entry_points.txt", entryPoints(entryPoint{"mod_wsgi.express.cli", "main"}))
	w.add(w.distInfo()+"/RECORD", record(w.files, w.distInfo()))
	return w
}

// emptyVenv makes the folders of a virtualenv.
func emptyVenv(t testing.TB) *detect.Virtualenv {
	t.Helper()
	return venvIn(t, t.TempDir())
}

func venvIn(t testing.TB, dir string) *detect.Virtualenv {
	t.Helper()
	venv := &detect.Virtualenv{Path: dir, SitePackages: filepath.Join(dir, "lib/python3.11/site-packages")}
	for _, folder := range []string{venv.SitePackages, filepath.Join(dir, "bin")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/usr/bin/python3", filepath.Join(dir, "bin/python")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return venv
}

func mustPlace(t testing.TB, w *Wheel, venv *detect.Virtualenv) {
	t.Helper()
	if _, err := Place(context.Background(), w, venv, nil); err != nil {
		t.Fatal(err)
	}
}

func TestPlaceReplacesAnotherRelease(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	old, updated := madeUpWheel("5.0.2"), madeUpWheel("6.1.1")
	mustPlace(t, old, venv)
	module, err := Place(t.Context(), updated, venv, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(filepath.Join(venv.SitePackages, updated.module().name), module); diff != "" {
		t.Error(diff)
	}
	if installed, err := isPlaced(updated, venv); err != nil || !installed {
		t.Errorf("new: installed %v, %v", installed, err)
	}
	if installed, err := isPlaced(old, venv); err != nil || installed {
		t.Errorf("old: installed %v, %v", installed, err)
	}
	want := append(namesOf(updated), "mod_wsgi-6.1.1.dist-info/INSTALLER", "mod_wsgi-6.1.1.dist-info/REQUESTED")
	slices.Sort(want)
	got := filesBelow(t, venv.SitePackages)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"mod_wsgi-express", "python"}, filesBelow(t, filepath.Join(venv.Path, "bin"))); diff != "" {
		t.Error(diff)
	}
}

func namesOf(w *Wheel) []string {
	var names []string
	for _, file := range w.files {
		names = append(names, file.name)
	}
	return names
}

func TestPlaceTakesAwayOtherMetadata(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	for _, name := range []string{"mod_wsgi-4.9.4-py3.11.egg-info", "mod_wsgi_standalone-5.0.2.dist-info", "mod_wsgi_httpd-2.4.68.dist-info", "mod_wsgi_other"} {
		if err := os.Mkdir(filepath.Join(venv.SitePackages, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	mustPlace(t, madeUpWheel("6.1.1"), venv)
	entries, err := os.ReadDir(venv.SitePackages)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if diff := cmp.Diff([]string{"mod_wsgi", "mod_wsgi-6.1.1.dist-info", "mod_wsgi_httpd-2.4.68.dist-info", "mod_wsgi_other"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestInstalledSeesAChangedFile(t *testing.T) {
	t.Parallel()
	venv, wheel := emptyVenv(t), madeUpWheel("6.1.1")
	mustPlace(t, wheel, venv)
	for _, name := range []string{wheel.module().name, "mod_wsgi-6.1.1.dist-info/RECORD", "../../../bin/mod_wsgi-express"} {
		path := filepath.Join(venv.SitePackages, name)
		if err := os.WriteFile(path, []byte("changed"), 0o644); err != nil {
			t.Fatal(err)
		}
		if installed, err := isPlaced(wheel, venv); err != nil || installed {
			t.Errorf("%s changed: installed %v, %v", name, installed, err)
		}
		mustPlace(t, wheel, venv)
		if installed, err := isPlaced(wheel, venv); err != nil || !installed {
			t.Errorf("%s placed again: installed %v, %v", name, installed, err)
		}
	}
}

func TestPlaceRefusesToFollowALink(t *testing.T) {
	t.Parallel()
	venv, elsewhere := emptyVenv(t), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(venv.SitePackages, "mod_wsgi")); err != nil {
		t.Fatal(err)
	}
	_, err := Place(t.Context(), madeUpWheel("6.1.1"), venv, nil)
	if err == nil || !strings.Contains(err.Error(), "is not a folder") {
		t.Error(err)
	}
	if left := filesBelow(t, elsewhere); len(left) > 0 {
		t.Errorf("written through the link: %v", left)
	}
	noLeftovers(t, venv)
}

func noLeftovers(t testing.TB, venv *detect.Virtualenv) {
	t.Helper()
	for _, dir := range []string{venv.SitePackages, filepath.Join(venv.Path, "bin")} {
		if left, _ := filepath.Glob(filepath.Join(dir, stagePrefix+"*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestPlaceThatFailsLeavesTheOldModule(t *testing.T) {
	t.Parallel()
	venv, old := emptyVenv(t), madeUpWheel("5.0.2")
	mustPlace(t, old, venv)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Place(ctx, madeUpWheel("6.1.1"), venv, nil); err == nil {
		t.Error("no error though the context ended")
	}
	broken := madeUpWheel("6.1.1")
	broken.add("mod_wsgi/server/mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so", nil) // there twice: cannot be written
	if _, err := Place(t.Context(), broken, venv, nil); err == nil {
		t.Error("no error for a file that cannot be written")
	}
	if installed, err := isPlaced(old, venv); err != nil || !installed {
		t.Errorf("old: installed %v, %v", installed, err)
	}
	noLeftovers(t, venv)
}

// Without a way to exchange two names, the replacing takes two renames.
func TestReplaceWithoutExchange(t *testing.T) {
	t.Parallel()
	venv, old, updated := emptyVenv(t), madeUpWheel("5.0.2"), madeUpWheel("6.1.1")
	mustPlace(t, old, venv)
	p := mustStart(t, updated, venv)
	p.exchange = func(_, _ *os.Root, _ string) error { return errors.ErrUnsupported }
	for _, step := range []func() error{p.swap, p.discard} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if installed, err := isPlaced(updated, venv); err != nil || !installed {
		t.Errorf("installed %v, %v", installed, err)
	}
	noLeftovers(t, venv)
}

func TestPlaceTwoAtOnce(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	wheels := []*Wheel{madeUpWheel("5.0.2"), madeUpWheel("6.1.1")}
	errs := make(chan error)
	for i := range 6 {
		go func() {
			_, err := Place(context.Background(), wheels[i%2], venv, nil)
			errs <- err
		}()
	}
	for range 6 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	requireOneOf(t, venv, wheels...)
	noLeftovers(t, venv)
}

func TestPlaceWaitsForTheLock(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	unlock, err := lockFolder(t.Context(), venv.SitePackages)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = Place(ctx, madeUpWheel("6.1.1"), venv, nil)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "held by another wsgictl") {
		t.Errorf("while locked: %v", err)
	}
	unlock()
	mustPlace(t, madeUpWheel("6.1.1"), venv)
}

// requireOneOf holds the package to be, file by file, that of one of the
// wheels.
func requireOneOf(t testing.TB, venv *detect.Virtualenv, wheels ...*Wheel) {
	t.Helper()
	var differences []string
	for _, wheel := range wheels {
		want := map[string]string{}
		for _, file := range wheel.files {
			if strings.HasPrefix(file.name, "mod_wsgi/") {
				want[file.name] = recordDigest(file.data)
			}
		}
		diff := cmp.Diff(want, packageDigests(t, venv))
		if diff == "" {
			return
		}
		differences = append(differences, diff)
	}
	t.Fatalf("the package is none of the wheels':\n%s", strings.Join(differences, "\n"))
}

func packageDigests(t testing.TB, venv *detect.Virtualenv) map[string]string {
	t.Helper()
	digests := map[string]string{}
	err := fs.WalkDir(os.DirFS(venv.SitePackages), "mod_wsgi", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(venv.SitePackages, name))
		digests[name] = recordDigest(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return digests
}

// TestPlaceKilled kills a process that replaces one release by another over
// and over, at random moments. The package is then wholly the one or the other,
// and the next Place tidies up.
func TestPlaceKilled(t *testing.T) {
	if dir := os.Getenv("WSGICTL_TEST_PLACE"); dir != "" {
		placeForEver(t, dir)
	}
	t.Parallel()
	venv := emptyVenv(t)
	wheels := []*Wheel{madeUpWheel("5.0.2"), madeUpWheel("6.1.1")}
	mustPlace(t, wheels[0], venv)
	interrupted := 0
	for range storetest.Kills(20, 400) {
		command := exec.Command(os.Args[0], "-test.run=^TestPlaceKilled$")
		command.Env = append(os.Environ(), "WSGICTL_TEST_PLACE="+venv.Path)
		started, err := command.StdoutPipe()
		if err == nil {
			err = command.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		_, _ = started.Read(make([]byte, 1)) // it places from now on
		time.Sleep(time.Duration(rand.IntN(40_000)) * time.Microsecond)
		_ = command.Process.Kill()
		_ = command.Wait()
		requireOneOf(t, venv, wheels...)
		if left, _ := filepath.Glob(filepath.Join(venv.SitePackages, stagePrefix+"*")); len(left) > 0 {
			interrupted++
		}
	}
	if interrupted == 0 {
		t.Error("no kill met a placing that was under way: the test shows nothing")
	}
	mustPlace(t, wheels[1], venv)
	if installed, err := isPlaced(wheels[1], venv); err != nil || !installed {
		t.Errorf("afterwards: installed %v, %v", installed, err)
	}
	if metadata, _ := filepath.Glob(filepath.Join(venv.SitePackages, "*.dist-info")); len(metadata) != 1 {
		t.Errorf("afterwards: %v", metadata)
	}
	noLeftovers(t, venv)
}

func placeForEver(t *testing.T, dir string) {
	venv := &detect.Virtualenv{Path: dir, SitePackages: filepath.Join(dir, "lib/python3.11/site-packages")}
	wheels := []*Wheel{madeUpWheel("6.1.1"), madeUpWheel("5.0.2")}
	fmt.Print(".")
	for i := 0; ; i++ {
		mustPlace(t, wheels[i%2], venv)
	}
}

func TestLockEndsWithItsProcess(t *testing.T) {
	if dir := os.Getenv("WSGICTL_TEST_LOCK"); dir != "" {
		if _, err := lockFolder(context.Background(), dir); err != nil {
			t.Fatal(err)
		}
		fmt.Print(".")
		time.Sleep(time.Minute)
	}
	t.Parallel()
	dir := t.TempDir()
	command := exec.Command(os.Args[0], "-test.run=^TestLockEndsWithItsProcess$")
	command.Env = append(os.Environ(), "WSGICTL_TEST_LOCK="+dir)
	locked, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	_, _ = locked.Read(make([]byte, 1))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := lockFolder(ctx, dir); err == nil {
		t.Error("two have the lock")
	}
	_ = command.Process.Kill()
	_ = command.Wait()
	unlock, err := lockFolder(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}
