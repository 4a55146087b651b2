package express

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"github.com/wsgictl/wsgictl/detect"
)

//go:embed django/wsgictl_django/*.py django/wsgictl_django/management/*.py django/wsgictl_django/management/commands/*.py
var djangoApp embed.FS

const djangoAppName = "wsgictl_django"

// HasDjango reports whether a virtualenv holds Django.
func HasDjango(v detect.Virtualenv) bool {
	return exists(filepath.Join(v.SitePackages, "django", "__init__.py"))
}

// PlaceDjangoApp puts the package wsgictl_django into a virtualenv: a Django
// application with the management command runwsgictl. pip lists and uninstalls
// it like any other.
func PlaceDjangoApp(v detect.Virtualenv) error {
	record := ""
	write := func(name, text string) error {
		target := filepath.Join(v.SitePackages, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		record += name + ",,\n"
		return renameio.WriteFile(target, []byte(text), 0o644, renameio.IgnoreUmask())
	}
	err := fs.WalkDir(djangoApp, "django", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := djangoApp.ReadFile(name)
		if err != nil {
			return err
		}
		return write(strings.TrimPrefix(name, "django/"), string(text))
	})
	info := djangoAppName + "-1.0.dist-info"
	for _, file := range []struct{ name, text string }{
		{"METADATA", "Metadata-Version: 2.1\nName: wsgictl-django\nVersion: 1.0\nSummary: manage.py runwsgictl\n"},
		{"WHEEL", "Wheel-Version: 1.0\nGenerator: wsgictl\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
		{"INSTALLER", "wsgictl\n"},
	} {
		if err == nil {
			err = write(path.Join(info, file.name), file.text)
		}
	}
	if err == nil {
		err = write(path.Join(info, "RECORD"), record+path.Join(info, "RECORD")+",,\n")
	}
	if err != nil {
		return fmt.Errorf("place %s in %s: %w", djangoAppName, v.Path, err)
	}
	return nil
}
