package installer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trusttest"
)

// replaceByLink puts a link in the place of a folder.
func replaceByLink(t *testing.T, folder, target string) {
	t.Helper()
	if err := os.Rename(folder, folder+"-before"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, folder); err != nil {
		t.Fatal(err)
	}
}

func TestPlaceLeavesTheVirtualenvByNoLink(t *testing.T) {
	t.Parallel()
	for name, folder := range map[string]func(*detect.Virtualenv) string{
		"bin":           func(v *detect.Virtualenv) string { return filepath.Join(v.Path, "bin") },
		"site-packages": func(v *detect.Virtualenv) string { return v.SitePackages },
		"lib":           func(v *detect.Virtualenv) string { return filepath.Join(v.Path, "lib") },
		"itself":        func(v *detect.Virtualenv) string { return v.Path },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			venv, elsewhere := emptyVenv(t), t.TempDir()
			for _, folder := range []string{"bin", "lib/python3.11/site-packages", "python3.11/site-packages"} { // as in /usr
				if err := os.MkdirAll(filepath.Join(elsewhere, folder), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			replaceByLink(t, folder(venv), elsewhere)
			if _, err := Place(t.Context(), madeUpWheel("6.1.1"), venv, nil); err == nil {
				t.Error("no error")
			}
			left := filesBelow(t, elsewhere)
			if len(left) > 0 {
				t.Errorf("written through the link: %q", left)
			}
		})
	}
}

func TestPlaceFollowsALinkWithinTheVirtualenv(t *testing.T) {
	t.Parallel()
	venv := emptyVenv(t)
	if err := os.Rename(filepath.Join(venv.Path, "lib"), filepath.Join(venv.Path, "lib64")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("lib64", filepath.Join(venv.Path, "lib")); err != nil {
		t.Fatal(err)
	}
	mustPlace(t, madeUpWheel("6.1.1"), venv)
}

// Root leaves a virtualenv that others can change to them.
func TestRootWritesIntoNoVirtualenvOfOthers(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	path := filepath.Join(dir, "venv")
	write(t, filepath.Join(path, "pyvenv.cfg"), "home = /usr/bin\nversion = 3.11.2\n", 0o644, alice)
	write(t, filepath.Join(path, "bin/python"), "", 0o755, alice)
	write(t, filepath.Join(path, "lib/python3.11/site-packages/kept"), "", 0o644, alice)
	give(t, path, alice)
	venv, err := detect.ReadVirtualenv(path)
	if err != nil || !venv.Foreign() {
		t.Fatalf("%+v, %v", venv, err)
	}
	if _, err := Place(t.Context(), madeUpWheel("6.1.1"), &venv, nil); err == nil || !strings.Contains(err.Error(), "it belongs to user 61001") {
		t.Errorf("error %v", err)
	}
	if err := Remove(t.Context(), &venv); err == nil {
		t.Error("no error")
	}
	if left := filesBelow(t, path); len(left) != 3 {
		t.Errorf("these files are there: %q", left)
	}
}
