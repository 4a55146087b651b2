package installer

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// A pair is a mod_wsgi in a folder, and the mod_wsgictl beside it.
type pair struct {
	path   string // of the mod_wsgi
	module wheelFile
	beside wheelFile // without data where there is none
}

// pair is what a wheel has for a folder.
func (w *Wheel) pair(path string) pair { return pair{path, w.module(), w.beside()} }

// besidePath is where mod_wsgictl lies, or would.
func (p pair) besidePath() string { return modwsgi.Beside(p.path) }

// isThere tells that both lie there with the same content already.
func (p pair) isThere() bool {
	module, err := trust.ReadFile(p.path, maxWheel)
	if err != nil || !bytes.Equal(module, p.module.data) {
		return false
	}
	beside, err := trust.ReadFile(p.besidePath(), maxWheel)
	return bytes.Equal(beside, p.beside.data) && (err == nil || errors.Is(err, fs.ErrNotExist))
}

// write replaces both, which a running Apache may have mapped. They are written
// beside their places first, of which verify is told; it may be nil. What a killed
// run left in the folder is removed. mod_wsgictl comes first, and goes first: what
// is seen in between works too.
func (p pair) write(ctx context.Context, verify func(module, beside string) error) error {
	dir := filepath.Dir(p.path)
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
	if err := p.replace(ctx, folder, verify); err != nil {
		return errors.Join(err, removeStages(folder))
	}
	return syncFolder(folder)
}

func (p pair) replace(ctx context.Context, folder *os.Root, verify func(module, beside string) error) error {
	if err := removeStages(folder); err != nil {
		return err
	}
	staged, stagedBeside := stagePrefix+rand.Text(), ""
	if err := writeFile(folder, staged, p.module); err != nil {
		return err
	}
	if len(p.beside.data) > 0 {
		stagedBeside = stagePrefix + rand.Text()
		if err := writeFile(folder, stagedBeside, p.beside); err != nil {
			return err
		}
	}
	if verify != nil {
		if err := verify(filepath.Join(folder.Name(), staged), inFolder(folder, stagedBeside)); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := p.replaceBeside(folder, stagedBeside); err != nil {
		return err
	}
	return folder.Rename(staged, filepath.Base(p.path))
}

// replaceBeside puts the mod_wsgictl into its place; one of another build does not
// stay.
func (p pair) replaceBeside(folder *os.Root, staged string) error {
	name := filepath.Base(p.besidePath())
	if staged != "" {
		return folder.Rename(staged, name)
	}
	if err := folder.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// inFolder is the path of a file in a folder; empty for none.
func inFolder(folder *os.Root, name string) string {
	if name == "" {
		return ""
	}
	return filepath.Join(folder.Name(), name)
}

// putModule puts both into a folder, once httpd has loaded them there. Those with
// the same content stay, which httpd must load too. Before others are put there,
// before is told the path of each that is new, which an error prevents; it may be
// nil.
func (j installation) putModule(ctx context.Context, p pair, before func(path string) error) (written bool, err error) {
	verify := j.verify(ctx)
	if p.isThere() {
		beside := ""
		if len(p.beside.data) > 0 {
			beside = p.besidePath()
		}
		return false, verify(p.path, beside)
	}
	return true, p.write(ctx, func(module, beside string) error {
		if err := verify(module, beside); err != nil || before == nil {
			return err
		}
		return p.tellNew(before)
	})
}

// tellNew tells the paths at which nothing is yet.
func (p pair) tellNew(before func(path string) error) error {
	var paths []string
	if len(p.beside.data) > 0 {
		paths = append(paths, p.besidePath())
	}
	for _, path := range append(paths, p.path) {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := before(path); err != nil {
			return err
		}
	}
	return nil
}
