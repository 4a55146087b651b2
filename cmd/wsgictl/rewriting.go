package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"

	"github.com/wsgictl/wsgictl/audit"
)

// rewriting remembers what files held before they were written, so that all
// can be put back.
type rewriting struct {
	before []rewritten
}

type rewritten struct {
	path, text string
}

// write puts the mended texts in the place of the files, each at once.
func (r *rewriting) write(files []audit.Mended, views []*audit.View) error {
	for _, file := range files {
		path, err := filepath.EvalSymlinks(pathOf(file.File, views))
		if err != nil {
			return fmt.Errorf("write fixes: %w", err)
		}
		if err := sameText(path, file.File.Source); err != nil {
			return fmt.Errorf("write fixes: %w", err)
		}
		if !r.knows(path) {
			r.before = append(r.before, rewritten{path, file.File.Source})
		}
		if err := replaceText(path, file.Text); err != nil {
			return fmt.Errorf("write fixes: %w", err)
		}
	}
	return nil
}

func (r *rewriting) knows(path string) bool {
	for _, file := range r.before {
		if file.path == path {
			return true
		}
	}
	return false
}

// putBack gives all files their text of before, for the reason given.
func (r *rewriting) putBack(reason error) error {
	if len(r.before) == 0 {
		return reason
	}
	errs := []error{fmt.Errorf("%w; all files are put back", reason)}
	for _, file := range r.before {
		if err := replaceText(file.path, file.text); err != nil {
			errs = append(errs, fmt.Errorf("put back %s: %w", file.path, err))
		}
	}
	return errors.Join(errs...)
}

// replaceText writes text beside the file, with its mode and owner, and then
// in its place, so that a reader sees one or the other as a whole.
func replaceText(path, text string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file", path)
	}
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(info.Mode().Perm()))
	if err != nil {
		return err
	}
	defer file.Cleanup() //nolint:errcheck // nothing is left of it after the rename
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		if err := file.Chown(int(stat.Uid), int(stat.Gid)); err != nil {
			return fmt.Errorf("keep the owner of %s: %w", path, err)
		}
	}
	if err := file.Chmod(info.Mode().Perm()); err != nil {
		return err
	}
	if _, err := file.WriteString(text); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}
