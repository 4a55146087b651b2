package installer

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trusttest"
)

// layered gives a virtualenv in the lower layer of an overlay, as the second
// layer of a container's image.
func layered(t *testing.T, prepare func(*detect.Virtualenv)) *detect.Virtualenv {
	t.Helper()
	dir := t.TempDir()
	trusttest.Mount(t, "tmpfs", dir, 0, "")
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"lower", "upper", "work", "merged"} {
		if err := os.Mkdir(at(name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	prepare(venvIn(t, at("lower/venv")))
	trusttest.Mount(t, "overlay", at("merged"), 0,
		"redirect_dir=off,lowerdir="+at("lower")+",upperdir="+at("upper")+",workdir="+at("work"))
	venv := detect.Virtualenv{Path: at("merged/venv")}
	venv.SitePackages = filepath.Join(venv.Path, "lib/python3.11/site-packages")
	return &venv
}

// Folders of a lower layer cannot be renamed: EXDEV.
func TestPlaceOverALowerLayer(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]*Wheel{
		"another release":  madeUpWheel("5.0.2"),
		"the same release": madeUpWheel("6.1.1"),
		"none":             nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wheel := madeUpWheel("6.1.1")
			var others []string
			venv := layered(t, func(venv *detect.Virtualenv) {
				if before != nil {
					mustPlace(t, before, venv)
				}
				others = placeTelemetry(t, venv)
			})
			mustPlace(t, wheel, venv)
			requirePlaced(t, venv, wheel, others...)
			if err := Remove(t.Context(), venv); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(others, inOrder(filesBelow(t, venv.SitePackages))); diff != "" {
				t.Errorf("removed: %s", diff)
			}
		})
	}
}

// The package may be a volume of its own.
func TestPlaceAcrossMounts(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	trusttest.Mount(t, "tmpfs", filepath.Join(venv.SitePackages, "mod_wsgi"), 0, "")
	for _, release := range []string{"5.0.2", "6.1.1"} {
		mustPlace(t, madeUpWheel(release), venv)
	}
	requirePlaced(t, venv, madeUpWheel("6.1.1"))
}

func TestPlaceOnMemory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	trusttest.Mount(t, "tmpfs", dir, 0, "")
	venv := venvIn(t, filepath.Join(dir, "venv"))
	for _, release := range []string{"5.0.2", "6.1.1"} {
		mustPlace(t, madeUpWheel(release), venv)
	}
	requirePlaced(t, venv, madeUpWheel("6.1.1"))
}
