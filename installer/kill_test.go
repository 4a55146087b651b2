package installer

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/store/storetest"
)

// doing has this test program change a virtualenv or a folder of modules, and be killed
// over it: "place", "remove" or "keep", and where.
const doing = "WSGICTL_TEST_DOING"

func doAsTold(t *testing.T, told string) {
	t.Helper()
	what, dir, _ := strings.Cut(told, " ")
	venv := &detect.Virtualenv{Path: dir, SitePackages: filepath.Join(dir, "lib/python3.11/site-packages")}
	var err error
	switch what {
	case "place":
		_, err = Place(t.Context(), madeUpWheel("6.1.1"), venv, nil)
	case "remove":
		err = Remove(t.Context(), venv)
	case "keep":
		err = madeUpWheel("6.1.1").pair(filepath.Join(dir, "mod_wsgi.so")).write(t.Context(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func process(t *testing.T, what, dir string) *exec.Cmd {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	command.Env = append(os.Environ(), doing+"="+what+" "+dir)
	return command
}

// TestKilledPlacingIsTakenAwayAsAWhole kills a placing into a virtualenv that had no
// mod_wsgi, and one that replaces a release. What a next command undoes is then gone to
// the last file, whether the killed one had finished or not.
func TestKilledPlacingIsTakenAwayAsAWhole(t *testing.T) {
	if told := os.Getenv(doing); told != "" {
		doAsTold(t, told)
		return
	}
	t.Parallel()
	killPlacings(t, emptyVenv(t))
}

// killPlacings kills placings, into nothing and over another release in turn, and has
// what they leave placed or removed in turn.
func killPlacings(t *testing.T, venv *detect.Virtualenv) {
	t.Helper()
	bare, wheel := filesBelow(t, venv.Path), madeUpWheel("6.1.1")
	number := 0
	start := func() *exec.Cmd {
		if number++; number%2 == 0 {
			mustPlace(t, madeUpWheel("5.0.2"), venv)
		}
		return process(t, "place", venv.Path)
	}
	check := func(bool) {
		t.Helper()
		if number%3 == 0 {
			mustPlace(t, wheel, venv)
			if placed, err := isPlaced(wheel, venv); err != nil || !placed {
				t.Fatalf("placed again: %v, %v", placed, err)
			}
			requireOneOf(t, venv, wheel)
			noLeftovers(t, venv)
		}
		if err := Remove(t.Context(), venv); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(bare, filesBelow(t, venv.Path)); diff != "" {
			t.Fatalf("something is left (-want +got):\n%s", diff)
		}
	}
	for range 6 { // into nothing and over another release, removed and placed again
		storetest.KillIn(t, venv.SitePackages, filepath.Join(venv.SitePackages, stagePrefix+"*"), start())
		check(true)
	}
	storetest.KillAtRandom(t, storetest.Kills(15, 300), start, check)
}

// TestKilledRemovalIsFinishedByTheNext kills a removal: the next one removes what is
// left, and a placing makes all of it new.
func TestKilledRemovalIsFinishedByTheNext(t *testing.T) {
	if told := os.Getenv(doing); told != "" {
		doAsTold(t, told)
		return
	}
	t.Parallel()
	venv, wheel := emptyVenv(t), madeUpWheel("6.1.1")
	bare := filesBelow(t, venv.Path)
	number := 0
	storetest.KillAtRandom(t, storetest.Kills(15, 300), func() *exec.Cmd {
		mustPlace(t, wheel, venv)
		return process(t, "remove", venv.Path)
	}, func(bool) {
		if number++; number%2 == 0 {
			mustPlace(t, wheel, venv)
			if placed, err := isPlaced(wheel, venv); err != nil || !placed {
				t.Fatalf("placed again: %v, %v", placed, err)
			}
			return
		}
		if err := Remove(t.Context(), venv); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(bare, filesBelow(t, venv.Path)); diff != "" {
			t.Fatalf("something is left (-want +got):\n%s", diff)
		}
	})
}

// TestKilledKeepingLeavesTheOldModule kills the putting of modules into a folder of
// them: of each one or the other is there, the new mod_wsgi never with the old
// mod_wsgictl, and the next leaves nothing beside them.
func TestKilledKeepingLeavesTheOldModule(t *testing.T) {
	if told := os.Getenv(doing); told != "" {
		doAsTold(t, told)
		return
	}
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "mod_wsgi.so")
	old, fresh := madeUpWheel("5.0.2").pair(path), madeUpWheel("6.1.1").pair(path)
	storetest.KillAtRandom(t, storetest.Kills(15, 300), func() *exec.Cmd {
		if err := old.write(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		return process(t, "keep", dir)
	}, func(bool) {
		is, err := os.ReadFile(path)
		beside, errBeside := os.ReadFile(old.besidePath())
		all := string(is) + string(beside)
		for _, allowed := range []string{"old old", "old fresh", "fresh fresh"} {
			module, with, _ := strings.Cut(allowed, " ")
			pairs := map[string]pair{"old": old, "fresh": fresh}
			if all == string(pairs[module].module.data)+string(pairs[with].beside.data) {
				all = ""
			}
		}
		if err != nil || errBeside != nil || all != "" {
			t.Fatalf("neither pair: %d and %d bytes, %v, %v", len(is), len(beside), err, errBeside)
		}
		if err := fresh.write(t.Context(), nil); err != nil || !fresh.isThere() {
			t.Fatalf("written again: %v", err)
		}
		if diff := cmp.Diff([]string{"mod_wsgi.so", "mod_wsgictl.so"}, filesBelow(t, dir)); diff != "" {
			t.Fatalf("something is left (-want +got):\n%s", diff)
		}
	})
}
