package express

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

//go:embed django/wsgictl_django/*.py django/wsgictl_django/management/*.py django/wsgictl_django/management/commands/*.py
var djangoApp embed.FS

const (
	djangoAppName = "wsgictl_django"
	djangoAppInfo = djangoAppName + "-1.0.dist-info"
)

// OfferDjangoApp places the package in a virtualenv that holds Django, while signals are
// held. Advice says how it is used; it is empty where there is no Django.
func OfferDjangoApp(ctx context.Context, v detect.Virtualenv, release string, hold func() (release func(), err error)) (advice string, err error) {
	if !exists(filepath.Join(v.SitePackages, "django", "__init__.py")) {
		return "", nil
	}
	let, err := hold()
	if err != nil {
		return "", err
	}
	defer let()
	if err := PlaceDjangoApp(ctx, v, release); err != nil {
		return "", err
	}
	return "For \"python manage.py runwsgictl\", add \"" + djangoAppName + "\" to INSTALLED_APPS.", nil
}

// PlaceDjangoApp puts the package wsgictl_django into a virtualenv: a Django
// application with the management command runwsgictl. pip lists and uninstalls
// it like any other. It is placed as one transaction, of which a next call puts
// back what a killed one has left; nothing is done where all is there already.
func PlaceDjangoApp(ctx context.Context, v detect.Virtualenv, release string) error {
	if err := placeDjangoApp(ctx, v, release); err != nil {
		return fmt.Errorf("place %s in %s: %w", djangoAppName, v.Path, err)
	}
	return nil
}

func placeDjangoApp(ctx context.Context, v detect.Virtualenv, release string) error {
	folder, err := v.OpenFolder(v.SitePackages) // no link leads out of the virtualenv
	if err != nil {
		return err
	}
	_ = folder.Close()
	files, err := djangoAppFiles()
	if err != nil {
		return err
	}
	journal, err := store.Open(filepath.Join(v.SitePackages, djangoJournal), store.Options{Trusted: trust.Deciders(), Release: release})
	if err != nil {
		return err
	}
	unlock, err := journal.Lock(ctx, nil)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := journal.Recover(nil); err != nil {
		return err
	}
	changes, err := djangoAppChanges(journal, v.SitePackages, files)
	if err != nil || len(changes) == 0 {
		return err
	}
	return journal.Carry(store.Transaction{What: "install-module", Changes: changes}, nil, nil)
}

// djangoJournal is the folder of the transaction in site-packages, as long as it
// lasts.
const djangoJournal = "." + djangoAppName

// An appFile is one of the package, by its name in site-packages.
type appFile struct{ name, text string }

// djangoAppFiles are those of the package, with its metadata at the end.
func djangoAppFiles() ([]appFile, error) {
	var files []appFile
	err := fs.WalkDir(djangoApp, "django", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := djangoApp.ReadFile(name)
		files = append(files, appFile{strings.TrimPrefix(name, "django/"), string(text)})
		return err
	})
	files = append(files,
		appFile{djangoAppInfo + "/METADATA", "Metadata-Version: 2.1\nName: wsgictl-django\nVersion: 1.0\nSummary: manage.py runwsgictl\n"},
		appFile{djangoAppInfo + "/WHEEL", "Wheel-Version: 1.0\nGenerator: wsgictl\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
		appFile{djangoAppInfo + "/INSTALLER", "wsgictl\n"},
	)
	record := djangoAppInfo + "/RECORD"
	lines := ""
	for _, file := range files {
		sum := sha256.Sum256([]byte(file.text))
		lines += fmt.Sprintf("%s,sha256=%s,%d\n", file.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(file.text))
	}
	return append(files, appFile{record, lines + record + ",,\n"}), err
}

// djangoAppChanges are those that make the package what it is to be.
func djangoAppChanges(journal *store.Store, sitePackages string, files []appFile) ([]store.Change, error) {
	var changes []store.Change
	seen := map[string]bool{sitePackages: true}
	want := func(path string, after store.PathState) error {
		seen[path] = true
		before, err := journal.Read(path)
		if err == nil && !before.Equal(after) && !(before.Kind == store.Folder && after.Kind == store.Folder) {
			changes = append(changes, store.Change{Path: path, Before: before, After: after})
		}
		return err
	}
	for _, file := range files {
		for i, r := range file.name {
			if dir := filepath.Join(sitePackages, file.name[:i]); r == '/' && !seen[dir] {
				if err := want(dir, store.NewFolder(0o755)); err != nil { // whatever the umask: daemon processes read it
					return nil, err
				}
			}
		}
		if err := want(filepath.Join(sitePackages, file.name), store.NewFile([]byte(file.text), 0o644)); err != nil {
			return nil, err
		}
	}
	return changes, nil
}
