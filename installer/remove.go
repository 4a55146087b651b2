package installer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
)

// Holds reports whether a virtualenv holds anything of mod_wsgi, of whatever
// release, for whatever Python, and whoever installed it.
func Holds(venv *detect.Virtualenv) (bool, error) {
	names, script, err := parts(venv)
	return len(names) > 0 || script, err
}

// Remove takes away what Place put into a virtualenv that held nothing of
// mod_wsgi, and refuses what another installer put there since.
func Remove(ctx context.Context, venv *detect.Virtualenv) error {
	if err := remove(ctx, venv); err != nil {
		return fmt.Errorf("remove mod_wsgi from %s: %w", venv.Path, err)
	}
	return nil
}

func remove(ctx context.Context, venv *detect.Virtualenv) error {
	if err := writable(venv); err != nil {
		return err
	}
	unlock, err := lockFolder(ctx, venv.SitePackages)
	if err != nil {
		return err
	}
	defer unlock()
	names, script, err := parts(venv)
	if err != nil {
		return err
	}
	sitePackages, err := venv.OpenFolder(venv.SitePackages)
	if err != nil {
		return err
	}
	defer sitePackages.Close()
	for _, name := range names {
		if isModWSGIMetadata(name) && !holds(sitePackages, name+"/INSTALLER", wheelFile{data: []byte(installerName)}) {
			return fmt.Errorf("%s is not wsgictl's", name)
		}
	}
	for _, name := range names {
		if err := sitePackages.RemoveAll(name); err != nil {
			return err
		}
	}
	if !script {
		return nil
	}
	bin, err := venv.OpenFolder(filepath.Join(venv.Path, "bin"))
	if err != nil {
		return err
	}
	defer bin.Close()
	return bin.Remove(scriptName)
}

// parts are the names in site-packages that are mod_wsgi's, and whether its
// script is there.
func parts(venv *detect.Virtualenv) (names []string, script bool, err error) {
	entries, err := os.ReadDir(venv.SitePackages)
	if err != nil {
		return nil, false, err
	}
	for _, entry := range entries {
		if entry.Name() == "mod_wsgi" || isModWSGIMetadata(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	_, err = os.Lstat(filepath.Join(venv.Path, "bin", scriptName))
	if errors.Is(err, fs.ErrNotExist) {
		return names, false, nil
	}
	return names, err == nil, err
}
