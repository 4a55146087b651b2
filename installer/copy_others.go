package installer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"syscall"
)

// copyOthers copies into the stage what the package folder holds and mod_wsgi
// does not list: files of other distributions. The places of both then change
// in one rename.
func (p *placing) copyOthers() error {
	names, err := filesIn(p.sitePackages, "mod_wsgi", func(name string) bool { return !p.before.has(name) })
	if err != nil {
		return err
	}
	for _, name := range names {
		if slices.ContainsFunc(p.files, func(f wheelFile) bool { return f.name == name }) {
			continue // whoever installs last has it, as with pip
		}
		if err := makeFolder(p.staged, path.Dir(name)); err != nil {
			return err
		}
		if err := copyAsIs(p.sitePackages, p.staged, name); err != nil {
			return fmt.Errorf("copy %s, which is not mod_wsgi's: %w", name, err)
		}
	}
	return nil
}

// copyAsIs copies a file or a link with its owner, mode and time, by which Python
// knows whether its bytecode fits.
func copyAsIs(from, to *os.Root, name string) error {
	info, err := from.Lstat(name)
	if err != nil {
		return err
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := from.Readlink(name)
		if err != nil {
			return err
		}
		return to.Symlink(target, name)
	case !info.Mode().IsRegular():
		return fmt.Errorf("it is neither a file nor a link (%s): remove it first", info.Mode())
	}
	source, err := from.Open(name)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := to.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer target.Close()
	if _, err := io.Copy(target, source); err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && os.Getuid() == 0 {
		err = target.Chown(int(owner.Uid), int(owner.Gid))
	}
	return errors.Join(err, target.Chmod(info.Mode()), target.Sync(), to.Chtimes(name, info.ModTime(), info.ModTime()), target.Close())
}
