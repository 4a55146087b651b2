package installer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
)

// placeTelemetry puts files of another distribution into the package mod_wsgi,
// as mod_wsgi-telemetry does, and gives their names in site-packages.
func placeTelemetry(t testing.TB, venv *detect.Virtualenv) []string {
	t.Helper()
	const info = "mod_wsgi_telemetry-1.1.0.dist-info"
	listed := []string{
		"mod_wsgi/__init__.py", "mod_wsgi/telemetry/__init__.py", "mod_wsgi/telemetry/cli.py", "mod_wsgi/telemetry/static/index.html",
		info + "/METADATA", info + "/RECORD",
	}
	compiled := "mod_wsgi/telemetry/__pycache__/cli.cpython-311.pyc" // by Python, at the first import
	for _, name := range append(listed, compiled) {
		text := "telemetry"
		if name == info+"/RECORD" {
			text = strings.Join(listed, ",,\n") + ",,\n"
		}
		path := filepath.Join(venv.SitePackages, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Unix(1_600_000_000, 0)); err != nil {
			t.Fatal(err)
		}
	}
	return inOrder(append(listed, compiled))
}

// What another distribution has in the package is its own.
func TestPlaceKeepsFilesOfOtherDistributions(t *testing.T) {
	t.Parallel()
	venv, updated := emptyVenv(t), madeUpWheel("6.1.1")
	mustPlace(t, madeUpWheel("5.0.2"), venv)
	others := placeTelemetry(t, venv)
	mustPlace(t, updated, venv)
	requirePlaced(t, venv, updated, others...)
	info, err := os.Stat(filepath.Join(venv.SitePackages, "mod_wsgi/telemetry/cli.py"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(info.Mode(), info.ModTime().Unix()); got != "-rw-r----- 1600000000" { // else its bytecode no longer fits
		t.Errorf("mode and time are %s", got)
	}
	if err := Remove(t.Context(), venv); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(others, inOrder(filesBelow(t, venv.SitePackages))); diff != "" {
		t.Errorf("removed: %s", diff)
	}
	if held, err := Holds(venv); held || err != nil {
		t.Errorf("removed, and held %v, %v", held, err)
	}
}

// What Python compiled of the old release's files goes with them, and what
// nobody lists stays.
func TestPlaceKeepsWhatNobodyLists(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	mustPlace(t, madeUpWheel("5.0.2"), venv)
	for _, name := range []string{"mod_wsgi/__pycache__/only_in_5.0.2.cpython-311.pyc", "mod_wsgi/notes.txt"} {
		write(t, filepath.Join(venv.SitePackages, name), "x", 0o644, os.Getuid())
	}
	if err := os.Symlink("notes.txt", filepath.Join(venv.SitePackages, "mod_wsgi/link")); err != nil {
		t.Fatal(err)
	}
	mustPlace(t, madeUpWheel("6.1.1"), venv)
	requirePlaced(t, venv, madeUpWheel("6.1.1"), "mod_wsgi/link", "mod_wsgi/notes.txt")
}

// setup.py installs without a RECORD, with a list of its own.
func TestPlaceReplacesWhatSetupPyInstalled(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	write(t, filepath.Join(venv.SitePackages, "mod_wsgi/server/old.py"), "old", 0o644, os.Getuid())
	write(t, filepath.Join(venv.SitePackages, "mod_wsgi-4.9.4-py3.11.egg-info/installed-files.txt"), "../mod_wsgi/server/old.py\nPKG-INFO\n", 0o644, os.Getuid())
	mustPlace(t, madeUpWheel("6.1.1"), venv)
	requirePlaced(t, venv, madeUpWheel("6.1.1"))
}

// Killed between the package and its metadata, the package's RECORD lies with
// what is left over.
func TestPlaceAfterOneThatWasKilledHalfWay(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	mustPlace(t, madeUpWheel("5.0.2"), venv)
	killed := mustStart(t, madeUpWheel("6.1.1"), venv)
	if err := killed.replace("mod_wsgi"); err != nil {
		t.Fatal(err)
	}
	if placed, err := isPlaced(madeUpWheel("5.0.2"), venv); placed || err != nil {
		t.Errorf("placed %v, %v", placed, err)
	}
	mustPlace(t, madeUpWheel("5.0.2"), venv)
	requirePlaced(t, venv, madeUpWheel("5.0.2"))
}

// Where two names cannot be exchanged, a run can be killed while the package is
// in the stage, with files of others in it.
func TestPlaceAndRemoveAfterOneThatWasKilledBetweenTwoRenames(t *testing.T) {
	t.Parallel()
	venv, updated := emptyVenv(t), madeUpWheel("6.1.1")
	mustPlace(t, madeUpWheel("5.0.2"), venv)
	others := placeTelemetry(t, venv)
	kill := func() {
		killed := mustStart(t, updated, venv)
		if err := killed.sitePackages.Rename("mod_wsgi", killed.stage+"/"+movedPrefix+"mod_wsgi"); err != nil {
			t.Fatal(err)
		}
	}
	kill()
	mustPlace(t, updated, venv)
	requirePlaced(t, venv, updated, others...)
	kill()
	if err := Remove(t.Context(), venv); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(others, inOrder(filesBelow(t, venv.SitePackages))); diff != "" {
		t.Errorf("removed: %s", diff)
	}
}

// A placing that was killed before it took away what was there is not complete.
func TestPlacedIsWithoutLeftovers(t *testing.T) {
	t.Parallel()
	venv, updated := emptyVenv(t), madeUpWheel("6.1.1")
	mustPlace(t, madeUpWheel("5.0.2"), venv)
	killed := mustStart(t, updated, venv)
	if err := killed.swap(); err != nil {
		t.Fatal(err)
	}
	if placed, err := isPlaced(updated, venv); placed || err != nil {
		t.Errorf("placed %v, %v", placed, err)
	}
	mustPlace(t, updated, venv)
	requirePlaced(t, venv, updated)
}

// mustStart writes a wheel beside its place.
func mustStart(t *testing.T, wheel *Wheel, venv *detect.Virtualenv) *placing {
	t.Helper()
	p, err := newPlacing(wheel, venv)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	for _, step := range []func() error{p.look, p.write} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestListedReadsWhatItCan(t *testing.T) {
	t.Parallel()
	names := listed{}
	names.addRecord([]byte("mod_wsgi/a.py,sha256=x,1\n\"mod_wsgi/with,comma.py\",,\n/abs.py,,\n../../../bin/mod_wsgi-express,,\n\"broken"))
	want := listed{"mod_wsgi/a.py": true, "mod_wsgi/with,comma.py": true, "/abs.py": true, "../../../bin/mod_wsgi-express": true}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func inOrder(names []string) []string { return slices.Sorted(slices.Values(names)) }

// requirePlaced holds site-packages to have the files of the wheel, and those
// of others that are named.
func requirePlaced(t *testing.T, venv *detect.Virtualenv, wheel *Wheel, others ...string) {
	t.Helper()
	if placed, err := isPlaced(wheel, venv); err != nil || !placed {
		t.Errorf("placed %v, %v", placed, err)
	}
	want := append(namesOf(wheel), wheel.distInfo()+"/INSTALLER", wheel.distInfo()+"/REQUESTED")
	for _, name := range others {
		if !slices.Contains(want, name) {
			want = append(want, name)
		}
	}
	if diff := cmp.Diff(inOrder(want), inOrder(filesBelow(t, venv.SitePackages))); diff != "" {
		t.Error(diff)
	}
}
