package installer

import (
	"context"
	"crypto/rand"
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
	return removeScript(venv, script)
}

// removeScript removes the script, if it is there, and what a killed placing wrote
// beside it.
func removeScript(venv *detect.Virtualenv, there bool) error {
	bin, err := venv.OpenFolder(filepath.Join(venv.Path, "bin"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer bin.Close()
	if there {
		err = bin.Remove(scriptName)
	}
	return errors.Join(err, removeStages(bin))
}

// removeListed removes the files that metadata lists, those of the package first:
// killed meanwhile, the next one knows the rest. The metadata goes as a whole, so that
// it is never seen without what tells whose it is.
func removeListed(sitePackages *os.Root, metadata []string) error {
	if err := putBack(sitePackages); err != nil {
		return err
	}
	files, err := listedFiles(sitePackages)
	if err != nil {
		return err
	}
	if err := files.removeFrom(sitePackages, "mod_wsgi"); err != nil {
		return err
	}
	stage := stagePrefix + rand.Text()
	if err := sitePackages.Mkdir(stage, 0o700); err != nil {
		return err
	}
	for _, name := range metadata {
		if err := discardFolder(sitePackages, name, stage); err != nil {
			return err
		}
	}
	return removeStages(sitePackages)
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
