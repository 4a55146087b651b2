package installer

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/wsgictl/wsgictl/detect"
)

// stagePrefix begins the names of what a placing has not finished. Whoever
// holds the lock and finds one, finds what a killed run left.
const stagePrefix = ".wsgictl-"

// Place installs a wheel into a virtualenv and gives the path of its module.
//
// All files are written beside their places first; then the package folder,
// which holds the module, changes in one rename. Killed before it, the
// virtualenv has the old module; killed after it, the new one, and the next
// Place puts the metadata right. A running Apache keeps the file that it has
// mapped.
func Place(ctx context.Context, wheel *Wheel, venv *detect.Virtualenv) (string, error) {
	module, err := place(ctx, wheel, venv)
	if err != nil {
		return "", fmt.Errorf("place mod_wsgi %s in %s: %w", wheel.Release, venv.Path, err)
	}
	return module, nil
}

func place(ctx context.Context, wheel *Wheel, venv *detect.Virtualenv) (string, error) {
	if err := writable(venv); err != nil {
		return "", err
	}
	unlock, err := lockFolder(ctx, venv.SitePackages)
	if err != nil {
		return "", err
	}
	defer unlock()
	p, err := newPlacing(wheel, venv)
	if err != nil {
		return "", err
	}
	defer p.close()
	for _, step := range []func() error{
		p.clean,   // what a killed run left
		p.check,   // that what stands there may be replaced
		p.write,   // all that is new, beside its place
		p.swap,    // into its place
		p.discard, // what was there before
	} {
		if err := errors.Join(ctx.Err(), step()); err != nil {
			return "", errors.Join(err, p.clean())
		}
	}
	return filepath.Join(venv.SitePackages, filepath.FromSlash(wheel.module().name)), nil
}

// writable refuses root a virtualenv that others can change: what it writes there
// is not root's for long, and Apache loads it as root.
func writable(venv *detect.Virtualenv) error {
	if venv.Foreign() {
		return fmt.Errorf("others than root can change it (%s): root writes nothing there", venv.OthersCanChange)
	}
	return nil
}

// isPlaced reports whether a virtualenv holds all files of the wheel,
// unchanged.
func isPlaced(wheel *Wheel, venv *detect.Virtualenv) (bool, error) {
	p, err := newPlacing(wheel, venv)
	if err != nil {
		return false, err
	}
	defer p.close()
	files, script, err := p.installed()
	if err != nil {
		return false, err
	}
	for _, file := range files {
		if !holds(p.sitePackages, file.name, file) {
			return false, nil
		}
	}
	return holds(p.bin, scriptName, script), nil
}

// holds reports whether a regular file has this content.
func holds(root *os.Root, name string, content wheelFile) bool {
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(content.data)) {
		return false
	}
	data, err := root.ReadFile(name)
	return err == nil && bytes.Equal(data, content.data)
}

// installerName is the content of INSTALLER, by which a package knows who
// installed it (PEP 627).
const installerName = "wsgictl\n"

// A placing is one run of Place, its folders held open: neither a link out of
// the virtualenv nor a name that turns into a link meanwhile leads elsewhere.
type placing struct {
	wheel        *Wheel
	venv         *detect.Virtualenv
	sitePackages *os.Root
	bin          *os.Root
	stage        string   // below sitePackages, and the name of the script below bin
	staged       *os.Root // the stage below sitePackages, once it is there
	exchange     func(from, to *os.Root, name string) error
}

func newPlacing(wheel *Wheel, venv *detect.Virtualenv) (*placing, error) {
	p := &placing{wheel: wheel, venv: venv, exchange: exchange}
	for path, folder := range map[string]**os.Root{venv.SitePackages: &p.sitePackages, filepath.Join(venv.Path, "bin"): &p.bin} {
		var err error
		if *folder, err = venv.OpenFolder(path); err != nil {
			p.close()
			return nil, err
		}
	}
	return p, nil
}

func (p *placing) close() {
	for _, folder := range []*os.Root{p.sitePackages, p.bin, p.staged} {
		if folder != nil {
			folder.Close()
		}
	}
}

// clean removes what this or a killed run left beside the places.
func (p *placing) clean() error {
	for _, root := range []*os.Root{p.sitePackages, p.bin} {
		entries, err := fs.ReadDir(root.FS(), ".")
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if !strings.HasPrefix(entry.Name(), stagePrefix) {
				continue
			}
			if err := root.RemoveAll(entry.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// check refuses to replace what is not an installed package's own folder.
func (p *placing) check() error {
	info, err := p.sitePackages.Lstat("mod_wsgi")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder (%s): remove it first", filepath.Join(p.venv.SitePackages, "mod_wsgi"), info.Mode())
	}
	return nil
}

// write writes the wheel's files below a new folder in site-packages, and the
// script below a new name beside the other scripts.
func (p *placing) write() error {
	p.stage = stagePrefix + rand.Text()
	if err := p.sitePackages.Mkdir(p.stage, 0o700); err != nil {
		return err
	}
	files, script, err := p.installed()
	if err != nil {
		return err
	}
	if p.staged, err = p.sitePackages.OpenRoot(p.stage); err != nil {
		return err
	}
	if err := writeFile(p.bin, p.stage, script); err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(16) // they wait for the disk
	for _, file := range files {
		group.Go(func() error {
			if err := p.staged.MkdirAll(path.Dir(file.name), 0o755); err != nil {
				return err
			}
			return writeFile(p.staged, file.name, file)
		})
	}
	return group.Wait()
}

// writeFile makes a new file, whatever the umask is.
func writeFile(root *os.Root, name string, content wheelFile) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, content.mode())
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(content.data); err != nil {
		return err
	}
	if err := errors.Join(file.Chmod(content.mode()), file.Sync()); err != nil {
		return err
	}
	return file.Close()
}

// installed lists the files as they will lie in site-packages, RECORD written
// anew to name the script and the installer.
func (p *placing) installed() (files []wheelFile, script wheelFile, err error) {
	entry, err := p.wheel.script()
	if err != nil {
		return nil, wheelFile{}, err
	}
	relative, err := filepath.Rel(p.venv.SitePackages, filepath.Join(p.venv.Path, "bin", scriptName))
	if err != nil {
		return nil, wheelFile{}, err
	}
	script = wheelFile{name: filepath.ToSlash(relative), executable: true}
	script.data = consoleScript(p.interpreter(), entry)

	distInfo := p.wheel.distInfo()
	for _, file := range p.wheel.files {
		if file.name != distInfo+"/RECORD" {
			files = append(files, file)
		}
	}
	files = append(files,
		wheelFile{name: distInfo + "/INSTALLER", data: []byte(installerName)},
		wheelFile{name: distInfo + "/REQUESTED"},
	)
	text := record(append(files, script), distInfo)
	return append(files, wheelFile{name: distInfo + "/RECORD", data: text}), script, nil
}

// interpreter is the virtualenv's Python, as its scripts name it.
func (p *placing) interpreter() string {
	for _, name := range []string{"python", "python3"} {
		if _, err := p.bin.Lstat(name); err == nil {
			return filepath.Join(p.venv.Path, "bin", name)
		}
	}
	return filepath.Join(p.venv.Path, "bin", "python")
}

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

// replace puts the staged folder name into its place; what was there takes its
// place in the stage.
func (p *placing) replace(name string) error {
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
	old := path.Join(p.stage, "old-"+name)
	if err := p.sitePackages.Rename(name, old); err != nil {
		return err
	}
	if err := p.sitePackages.Rename(staged, name); err != nil {
		return errors.Join(err, p.sitePackages.Rename(old, name))
	}
	return nil
}

// discard removes the metadata of other releases, which no longer describes
// anything, and all that was replaced.
func (p *placing) discard() error {
	entries, err := fs.ReadDir(p.sitePackages.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !isModWSGIMetadata(entry.Name()) || entry.Name() == p.wheel.distInfo() {
			continue
		}
		if err := p.sitePackages.Rename(entry.Name(), path.Join(p.stage, entry.Name())); err != nil {
			return err
		}
	}
	return p.sitePackages.RemoveAll(p.stage)
}

// isModWSGIMetadata reports whether a name in site-packages is the metadata of
// a distribution that brings the package mod_wsgi.
func isModWSGIMetadata(name string) bool {
	distribution, rest, ok := strings.Cut(name, "-")
	if !ok || !strings.HasSuffix(rest, ".dist-info") && !strings.HasSuffix(rest, ".egg-info") {
		return false
	}
	return distribution == "mod_wsgi" || distribution == "mod_wsgi_standalone"
}

func syncFolder(root *os.Root) error {
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
