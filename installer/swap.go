package installer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// swap moves what was written into its places: first the package with the
// module, which must never be missing, then what describes it.
func (p *placing) swap() error {
	if err := p.replace("mod_wsgi"); err != nil {
		return err
	}
	if err := p.replace(p.wheel.distInfo()); err != nil {
		return err
	}
	if err := p.bin.Rename(p.stage, scriptName); err != nil {
		return err
	}
	return errors.Join(syncFolder(p.sitePackages), syncFolder(p.bin))
}

// replace puts the staged folder name into its place.
func (p *placing) replace(name string) error {
	err := p.replaceFolder(name)
	if errors.Is(err, unix.EXDEV) || errors.Is(err, unix.EBUSY) { // in a lower layer of an overlay, or a mount
		return p.replaceFiles(name)
	}
	return err
}

// replaceFolder renames the folder; what was there takes its place in the stage.
func (p *placing) replaceFolder(name string) error {
	staged := path.Join(p.stage, name)
	if _, err := p.sitePackages.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return p.sitePackages.Rename(staged, name)
	}
	err := p.exchange(p.staged, p.sitePackages, name)
	if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	// The system or file system cannot exchange two names: for a moment, name
	// is missing.
	old := path.Join(p.stage, movedPrefix+name)
	if err := p.sitePackages.Rename(name, old); err != nil {
		return err
	}
	if err := p.sitePackages.Rename(staged, name); err != nil {
		return errors.Join(err, p.sitePackages.Rename(old, name))
	}
	return nil
}

// movedPrefix begins the name of what was moved into the stage, for a moment.
const movedPrefix = "old-"

// putBack gives a folder its place again that a run was killed over in that
// moment: files of others may be in it.
func putBack(sitePackages *os.Root) error {
	moved, err := fs.Glob(sitePackages.FS(), stagePrefix+"*/"+movedPrefix+"*")
	if err != nil {
		return err
	}
	for _, old := range moved {
		name := strings.TrimPrefix(path.Base(old), movedPrefix)
		if _, err := sitePackages.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := sitePackages.Rename(old, name); err != nil {
			return err
		}
	}
	return nil
}

// discard removes the metadata of other releases, which no longer describes
// anything, and all that was replaced.
func (p *placing) discard() error {
	if err := p.discardMetadata(); err != nil {
		return fmt.Errorf("the new module is in its place, but what was there before cannot be removed: %w", err)
	}
	return nil
}

func (p *placing) discardMetadata() error {
	entries, err := fs.ReadDir(p.sitePackages.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if !isModWSGIMetadata(name) || name == p.wheel.distInfo() {
			continue
		}
		if err := discardFolder(p.sitePackages, name, p.stage); err != nil {
			return err
		}
	}
	return p.sitePackages.RemoveAll(p.stage)
}

// discardFolder moves a folder into the stage, which goes with all in it; one that
// cannot be renamed is removed file by file.
func discardFolder(sitePackages *os.Root, name, stage string) error {
	err := sitePackages.Rename(name, path.Join(stage, name))
	if errors.Is(err, unix.EXDEV) || errors.Is(err, unix.EBUSY) {
		return sitePackages.RemoveAll(name)
	}
	return err
}
