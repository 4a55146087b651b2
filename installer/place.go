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
// mapped. Where a folder cannot be renamed, its files are, one by one.
//
// What was there is taken away as far as its metadata lists it. When the context
// is done nothing more is begun, and what is in its place stays.
//
// Once all is written, verify is asked about the module that will be in place, and
// the mod_wsgictl beside it, whose path is empty where there is none: an error leaves
// the virtualenv as it was. It may be nil.
func Place(ctx context.Context, wheel *Wheel, venv *detect.Virtualenv, verify func(module, beside string) error) (string, error) {
	module, err := place(ctx, wheel, venv, verify)
	if err != nil {
		return "", fmt.Errorf("place mod_wsgi %s in %s: %w", wheel.Release, venv.Path, err)
	}
	return module, nil
}

func place(ctx context.Context, wheel *Wheel, venv *detect.Virtualenv, verify func(module, beside string) error) (string, error) {
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
	module := filepath.FromSlash(wheel.module().name)
	for _, step := range []func() error{
		p.look,  // what is there, and whose it is
		p.clean, // what a killed run left
		p.check, // that what stands there may be replaced
		p.write, // all that is new, beside its place
		func() error {
			if verify == nil {
				return nil
			}
			return wheel.verified(verify, filepath.Join(venv.SitePackages, p.stage))
		},
		func() error { // the last moment to leave it
			if ctx.Err() != nil {
				return errors.New("stopped before anything was changed")
			}
			return nil
		},
		p.swap, // into its place
	} {
		if err := step(); err != nil {
			return "", errors.Join(err, p.clean())
		}
	}
	return filepath.Join(venv.SitePackages, module), p.discard()
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
// unchanged, and nothing that placing it would take away.
func isPlaced(wheel *Wheel, venv *detect.Virtualenv) (bool, error) {
	p, err := newPlacing(wheel, venv)
	if err != nil {
		return false, err
	}
	defer p.close()
	if left, err := p.left(); left || err != nil {
		return false, err
	}
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

// left reports whether the metadata of another release, or what a killed run
// wrote, lies in site-packages.
func (p *placing) left() (bool, error) {
	entries, err := fs.ReadDir(p.sitePackages.FS(), ".")
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, stagePrefix) || isModWSGIMetadata(name) && name != p.wheel.distInfo() {
			return true, err
		}
	}
	return false, err
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
	before       listed      // what mod_wsgi there lists as its files
	files        []wheelFile // as they will lie in site-packages
	stage        string      // below sitePackages, and the name of the script below bin
	staged       *os.Root    // the stage below sitePackages, once it is there
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

func (p *placing) look() (err error) {
	if err := putBack(p.sitePackages); err != nil {
		return err
	}
	p.before, err = listedFiles(p.sitePackages)
	return err
}

// clean removes what this or a killed run left beside the places.
func (p *placing) clean() error {
	if err := putBack(p.sitePackages); err != nil {
		return err
	}
	return errors.Join(removeStages(p.sitePackages), removeStages(p.bin))
}

// removeStages removes what a placing that has not finished left in a folder,
// and in the packages and metadata of mod_wsgi there.
func removeStages(root *os.Root) error {
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		top, _, _ := strings.Cut(name, "/")
		switch {
		case strings.HasPrefix(entry.Name(), stagePrefix):
			err = root.RemoveAll(name)
		case name == "." || top == "mod_wsgi" || isModWSGIMetadata(top):
			return nil
		}
		if err == nil && entry.IsDir() {
			return fs.SkipDir
		}
		return err
	})
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

// write writes the wheel's files below a new folder in site-packages, with those
// of others in its package, and the script below a new name beside the other
// scripts.
func (p *placing) write() error {
	p.stage = stagePrefix + rand.Text()
	if err := p.sitePackages.Mkdir(p.stage, 0o700); err != nil {
		return err
	}
	var script wheelFile
	var err error
	if p.files, script, err = p.installed(); err != nil {
		return err
	}
	if p.staged, err = p.sitePackages.OpenRoot(p.stage); err != nil {
		return err
	}
	if err := writeFile(p.bin, p.stage, script); err != nil {
		return err
	}
	if err := writeFiles(p.staged, p.files, func(name string) string { return name }); err != nil {
		return err
	}
	return p.copyOthers()
}

// writeFiles makes new files, under the names that as gives them, and the folders
// on the way that are missing.
func writeFiles(root *os.Root, files []wheelFile, as func(string) string) error {
	for _, file := range files {
		if err := makeFolder(root, path.Dir(file.name)); err != nil {
			return err
		}
	}
	var group errgroup.Group
	group.SetLimit(16) // they wait for the disk
	for _, file := range files {
		group.Go(func() error { return writeFile(root, as(file.name), file) })
	}
	return group.Wait()
}

// makeFolder makes a folder and those above it, which others may read, whatever
// the umask is: Apache's processes do.
func makeFolder(root *os.Root, name string) error {
	if _, err := root.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeFolder(root, path.Dir(name)); err != nil {
		return err
	}
	return errors.Join(root.Mkdir(name, 0o755), root.Chmod(name, 0o755))
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
	script.data = consoleScript(shebang(p.interpreter()), entry)
	if p.venv.Relocatable {
		script.data = consoleScript(shebangBeside(filepath.Base(p.interpreter())), entry)
	}

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
