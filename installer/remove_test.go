package installer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRemoveLeavesNothingOfWhatWasPlaced(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	other := filepath.Join(venv.SitePackages, "other.py")
	if err := os.WriteFile(other, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	before := filesBelow(t, venv.Path)
	if held, err := Holds(venv); held || err != nil {
		t.Errorf("before: %v, %v", held, err)
	}
	mustPlace(t, madeUpWheel("6.1.1"), venv)
	if held, err := Holds(venv); !held || err != nil {
		t.Errorf("placed: %v, %v", held, err)
	}
	for range 2 { // a second time there is nothing to do
		if err := Remove(t.Context(), venv); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(before, filesBelow(t, venv.Path)); diff != "" {
		t.Error(diff)
	}
}

func TestRemoveRefusesWhatPipInstalled(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	mustPlace(t, madeUpWheel("6.1.1"), venv)
	if err := os.WriteFile(filepath.Join(venv.SitePackages, "mod_wsgi-6.1.1.dist-info/INSTALLER"), []byte("pip\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Remove(t.Context(), venv); err == nil || !strings.Contains(err.Error(), "is not wsgictl's") {
		t.Errorf("error %v", err)
	}
	if held, err := Holds(venv); !held || err != nil {
		t.Errorf("it is gone (%v)", err)
	}
}
