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
	metadata, script, err := parts(venv)
	if len(metadata) > 0 || script || err != nil {
		return true, err
	}
	_, err = os.Lstat(filepath.Join(venv.SitePackages, "mod_wsgi", "server")) // others have files in mod_wsgi too
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return true, err
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
	metadata, script, err := parts(venv)
	if err != nil {
		return err
	}
	sitePackages, err := venv.OpenFolder(venv.SitePackages)
	if err != nil {
		return err
	}
	defer sitePackages.Close()
	for _, name := range metadata {
		if !holds(sitePackages, name+"/INSTALLER", wheelFile{data: []byte(installerName)}) {
			return fmt.Errorf("%s is not wsgictl's", name)
		}
	}
	if err := removeListed(sitePackages, metadata); err != nil {
		return err
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

// removeListed removes the files that metadata lists, those of the package first:
// killed meanwhile, the next one knows the rest.
func removeListed(sitePackages *os.Root, metadata []string) error {
	if err := putBack(sitePackages); err != nil {
		return err
	}
	files, err := listedFiles(sitePackages)
	if err != nil {
		return err
	}
	if err := errors.Join(files.removeFrom(sitePackages, "mod_wsgi"), removeStages(sitePackages)); err != nil {
		return err
	}
	for _, name := range metadata {
		if err := sitePackages.RemoveAll(name); err != nil {
			return err
		}
	}
	return nil
}

// parts are the folders of metadata in site-packages that are mod_wsgi's, and
// whether its script is there.
func parts(venv *detect.Virtualenv) (metadata []string, script bool, err error) {
	entries, err := os.ReadDir(venv.SitePackages)
	if err != nil {
		return nil, false, err
	}
	for _, entry := range entries {
		if isModWSGIMetadata(entry.Name()) {
			metadata = append(metadata, entry.Name())
		}
	}
	_, err = os.Lstat(filepath.Join(venv.Path, "bin", scriptName))
	if errors.Is(err, fs.ErrNotExist) {
		return metadata, false, nil
	}
	return metadata, err == nil, err
}
