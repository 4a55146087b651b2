package installer

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
)

// stranger is the account nobody, which could make its virtualenv lead
// elsewhere while root installs into it.
const stranger = 65534

func strangersVenv(t *testing.T) *detect.Virtualenv {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can install for others")
	}
	venv := emptyVenv(t)
	err := filepath.WalkDir(venv.Path, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, stranger, stranger)
	})
	if err != nil {
		t.Fatal(err)
	}
	return venv
}

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
			if _, err := Place(t.Context(), madeUpWheel("6.1.1"), venv); err == nil {
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

func TestPlacedFilesBelongToTheOwnerOfTheVirtualenv(t *testing.T) {
	t.Parallel()
	venv := strangersVenv(t)
	mustPlace(t, madeUpWheel("5.0.2"), venv)
	mustPlace(t, madeUpWheel("6.1.1"), venv)
	var roots []string
	err := filepath.WalkDir(venv.Path, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Sys().(*syscall.Stat_t).Uid != stranger { //nolint:forcetypeassert // of the systems that run this
			roots = append(roots, path)
		}
		return err
	})
	if diff := cmp.Diff([]string(nil), roots); diff != "" || err != nil {
		t.Errorf("these are root's: %s (%v)", diff, err)
	}
}

// The virtualenv's owner leads site-packages elsewhere once its files are
// written: what was written is theirs, and nothing else is.
func TestOwnerIsThatOfTheFolderWrittenTo(t *testing.T) {
	t.Parallel()
	venv := strangersVenv(t)
	roots := filepath.Join(t.TempDir(), "roots")
	if err := os.Mkdir(roots, 0o755); err != nil {
		t.Fatal(err)
	}
	p, err := newPlacing(madeUpWheel("6.1.1"), venv)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	replaceByLink(t, venv.SitePackages, roots)
	for _, step := range []func() error{p.write, p.swap, p.discard} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if left := filesBelow(t, roots); len(left) > 0 {
		t.Errorf("written through the link: %q", left)
	}
	info, err := os.Stat(venv.SitePackages + "-before/mod_wsgi/express")
	if err != nil || info.Sys().(*syscall.Stat_t).Uid != stranger { //nolint:forcetypeassert // of the systems that run this
		t.Errorf("%v: not given to the owner of the folder that was opened", err)
	}
}

// The owner of a folder may put a link to somebody's file under the name of
// what is being given to them.
func TestFolderIsGivenInnermostFirst(t *testing.T) {
	t.Parallel()
	venv := strangersVenv(t)
	p, err := newPlacing(madeUpWheel("6.1.1"), venv)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if err := p.write(); err != nil {
		t.Fatal(err)
	}
	shadow := filepath.Join(t.TempDir(), "shadow")
	if err := os.WriteFile(shadow, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.staged.RemoveAll("mod_wsgi/express"); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(shadow, filepath.Join(venv.SitePackages, p.stage, "mod_wsgi/express")); err != nil {
		t.Skip(err) // another file system
	}
	if err := p.owner.take(p.staged, "mod_wsgi/express"); err == nil || !strings.Contains(err.Error(), "no folder any more") {
		t.Errorf("error %v", err)
	}
	if info, err := os.Stat(shadow); err != nil || info.Sys().(*syscall.Stat_t).Uid != 0 { //nolint:forcetypeassert // of the systems that run this
		t.Error("somebody's file was given away")
	}
}
