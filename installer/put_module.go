package installer

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/trust"
)

// putModule puts a module alone into a folder, once httpd has loaded it there. One
// with the same content stays, which httpd must load too. Before another is put
// there, its path is told to before, which an error prevents; it may be nil.
func (j installation) putModule(ctx context.Context, path string, module wheelFile, before func(path string) error) (written bool, err error) {
	if present, err := trust.ReadFile(path, maxWheel); err == nil && bytes.Equal(present, module.data) {
		return false, j.verify(ctx)(path)
	}
	return true, writeModule(ctx, path, module, func(beside string) error {
		if err := j.verify(ctx)(beside); err != nil || before == nil {
			return err
		}
		return before(path)
	})
}

// writeModule replaces a module, which a running Apache may have mapped. It is
// written beside its place first, of which verify is told; it may be nil. What a
// killed run left in the folder is removed.
func writeModule(ctx context.Context, path string, module wheelFile, verify func(beside string) error) error {
	dir := filepath.Dir(path)
	unlock, err := lockFolder(ctx, dir)
	if err != nil {
		return err
	}
	defer unlock()
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	beside := stagePrefix + rand.Text()
	if err := errors.Join(removeStages(folder), writeFile(folder, beside, module)); err != nil {
		return err
	}
	if verify != nil {
		err = verify(filepath.Join(dir, beside))
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = folder.Rename(beside, filepath.Base(path))
	}
	if err != nil {
		return errors.Join(err, folder.Remove(beside))
	}
	return syncFolder(folder)
}
