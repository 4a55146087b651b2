package installer

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/detect"
)

// mounted mounts a file system until the test is over, or skips the test where
// nothing can be mounted.
func mounted(t *testing.T, source, target, kind string, flags uintptr, options string) {
	t.Helper()
	if err := os.MkdirAll(target, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(source, target, kind, flags, options); err != nil {
		if os.Getuid() == 0 && os.Getenv("WSGICTL_REQUIRE_HTTPD") != "" {
			t.Fatalf("mount %s: %v", kind, err)
		}
		t.Skipf("mount %s: %v", kind, err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(target, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// A layered has a virtualenv in the lower layer of an overlay, as the second
// layer of a container's image.
func layered(t *testing.T, prepare func(*detect.Virtualenv)) *detect.Virtualenv {
	t.Helper()
	dir := t.TempDir()
	mounted(t, "tmpfs", dir, "tmpfs", 0, "")
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"lower", "upper", "work", "merged"} {
		if err := os.Mkdir(at(name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	prepare(venvIn(t, at("lower/venv")))
	mounted(t, "overlay", at("merged"), "overlay", 0,
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
	mounted(t, "tmpfs", filepath.Join(venv.SitePackages, "mod_wsgi"), "tmpfs", 0, "")
	for _, release := range []string{"5.0.2", "6.1.1"} {
		mustPlace(t, madeUpWheel(release), venv)
	}
	requirePlaced(t, venv, madeUpWheel("6.1.1"))
}

func TestPlaceOnMemory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mounted(t, "tmpfs", dir, "tmpfs", 0, "")
	venv := venvIn(t, filepath.Join(dir, "venv"))
	for _, release := range []string{"5.0.2", "6.1.1"} {
		mustPlace(t, madeUpWheel(release), venv)
	}
	requirePlaced(t, venv, madeUpWheel("6.1.1"))
}
