package express

import (
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/wsgictl/wsgictl/detect"
)

//go:embed django/wsgictl_django/*.py django/wsgictl_django/management/*.py django/wsgictl_django/management/commands/*.py
var djangoApp embed.FS

const (
	djangoAppName = "wsgictl_django"
	djangoAppInfo = djangoAppName + "-1.0.dist-info"
)

// HasDjango reports whether a virtualenv holds Django.
func HasDjango(v detect.Virtualenv) bool {
	return exists(filepath.Join(v.SitePackages, "django", "__init__.py"))
}

// PlaceDjangoApp puts the package wsgictl_django into a virtualenv: a Django
// application with the management command runwsgictl. pip lists and uninstalls
// it like any other.
func PlaceDjangoApp(v detect.Virtualenv) error {
	folder, err := v.OpenFolder(v.SitePackages)
	if err != nil {
		return fmt.Errorf("place %s: %w", djangoAppName, err)
	}
	defer folder.Close()
	record := ""
	write := func(name, text string) error {
		record += name + ",,\n"
		return placeFile(folder, name, text)
	}
	err = fs.WalkDir(djangoApp, "django", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := djangoApp.ReadFile(name)
		if err != nil {
			return err
		}
		return write(strings.TrimPrefix(name, "django/"), string(text))
	})
	for _, file := range []struct{ name, text string }{
		{"METADATA", "Metadata-Version: 2.1\nName: wsgictl-django\nVersion: 1.0\nSummary: manage.py runwsgictl\n"},
		{"WHEEL", "Wheel-Version: 1.0\nGenerator: wsgictl\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
		{"INSTALLER", "wsgictl\n"},
	} {
		if err == nil {
			err = write(path.Join(djangoAppInfo, file.name), file.text)
		}
	}
	if err == nil {
		err = write(path.Join(djangoAppInfo, "RECORD"), record+path.Join(djangoAppInfo, "RECORD")+",,\n")
	}
	if err != nil {
		return fmt.Errorf("place %s in %s: %w", djangoAppName, v.Path, err)
	}
	return nil
}

// RemoveDjangoApp takes the package away that PlaceDjangoApp put there.
func RemoveDjangoApp(v detect.Virtualenv) error {
	folder, err := v.OpenFolder(v.SitePackages)
	if err != nil {
		return fmt.Errorf("remove %s: %w", djangoAppName, err)
	}
	defer folder.Close()
	return errors.Join(folder.RemoveAll(djangoAppName), folder.RemoveAll(djangoAppInfo))
}

// HasDjangoApp reports whether a virtualenv holds the package.
func HasDjangoApp(v detect.Virtualenv) bool {
	return exists(filepath.Join(v.SitePackages, djangoAppName))
}

// placeFile writes a file of a virtualenv beside its place and renames it. It
// and new folders on the way belong to whom site-packages belongs.
func placeFile(sitePackages *os.Root, name, text string) error {
	info, err := sitePackages.Stat(".")
	if err != nil {
		return err
	}
	for i, r := range name {
		if r != '/' {
			continue
		}
		if err := makeLike(sitePackages, name[:i], info); err != nil {
			return err
		}
	}
	fresh := path.Join(path.Dir(name), ".wsgictl-"+rand.Text())
	file, err := sitePackages.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(text)
	if err = errors.Join(err, chownLike(file, info), file.Chmod(0o644), file.Sync()); err == nil {
		err = sitePackages.Rename(fresh, name)
	}
	if err != nil {
		return errors.Join(err, sitePackages.Remove(fresh))
	}
	return nil
}

// makeLike makes a folder that is not there yet.
func makeLike(root *os.Root, name string, other fs.FileInfo) error {
	err := root.Mkdir(name, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err = errors.Join(err, root.Chmod(name, 0o755)); err != nil { // whatever the umask: daemon processes read it
		return err
	}
	folder, err := root.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	if info, err := folder.Stat(); err != nil || !info.IsDir() {
		return errors.Join(fmt.Errorf("%s is no folder any more", name), err)
	}
	return chownLike(folder, other)
}

// chownLike gives a file that root has made to the owner of another.
func chownLike(file *os.File, other fs.FileInfo) error {
	owner, ok := other.Sys().(*syscall.Stat_t)
	if !ok || os.Getuid() != 0 {
		return nil
	}
	return file.Chown(int(owner.Uid), int(owner.Gid))
}
