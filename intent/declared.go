package intent

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// A Declared is a wsgictl.toml that was read from where only who is trusted can
// change it.
type Declared struct {
	File   File
	Path   string   // absolute
	Trust  []string // accounts that are trusted for it, as --trust names them; the file's own are among them
	Partly bool     // other sites of the file are left out

	venv string // that Apache's mod_wsgi comes from; empty where none is named
}

// declarationLimit bounds a wsgictl.toml, in bytes.
const declarationLimit = 1 << 20

// Read reads the declaration that root alone, or accounts that are trusted, can
// change; an empty name is [DefaultFile]. What the file itself says of trust counts
// then. One that others can change is an error that wraps a [*trust.Untrusted], with
// which its path comes; all other errors are about what was named.
func Read(name string, trusted []string) (Declared, error) {
	name = cmp.Or(name, DefaultFile())
	path, err := filepath.Abs(name)
	if err != nil {
		return Declared{}, err
	}
	d := Declared{Path: path, Trust: slices.Clone(trusted)}
	deciders, err := trust.Deciders().And(trusted...)
	if err != nil {
		return d, err
	}
	text, err := deciders.ReadFile(path, declarationLimit)
	switch {
	case isUntrusted(err) && IsThere(path):
		return d, foreign(path, err)
	case isUntrusted(err), errors.Is(err, fs.ErrNotExist): // nothing to copy, whoever's the folder is
		return d, fmt.Errorf("no %s: write one with \"wsgictl init\", or name it with --file%s", name, keptFiles())
	case err != nil:
		return d, fmt.Errorf("read the declaration: %w", err)
	}
	if d.File, err = Parse(name, text); err != nil {
		return d, err
	}
	if _, err := trust.Deciders().And(d.File.Trust...); err != nil {
		return d, fmt.Errorf("%s: %w", name, err)
	}
	d.Trust = append(d.Trust, d.File.Trust...)
	d.venv = d.File.ModuleVenv(filepath.Dir(path))
	return d, nil
}

// foreign says why a declaration that others can change does not count, and what to
// do. The copy is for root's eyes: a link in the declaration's place would have root
// copy what is secret.
func foreign(path string, err error) error {
	return fmt.Errorf("the declaration says what Apache does as root, and root alone does not decide about it: %w; copy it to where root alone can write (install -D -m 600 %s %s), look at the copy, and name that with --file%s",
		err, detect.ShellArgument(path), detect.ShellArgument(rootsFile(filepath.Dir(path))), trust.AtOwnRisk(err))
}

// isUntrusted tells an error about a file that somebody could change who is not
// trusted.
func isUntrusted(err error) bool { return errors.As(err, new(*trust.Untrusted)) }

// Virtualenv looks into the one that Apache's mod_wsgi comes from: the one that the
// file names, or one of the usual ones. One that others can change has to be named: a
// declaration of root's does not depend on what lies where root happens to be.
func (d Declared) Virtualenv() (detect.Virtualenv, error) {
	if err := d.File.CheckDeployed(); err != nil {
		return detect.Virtualenv{}, err
	}
	dir, err := detect.FindVirtualenv(d.venv)
	if err != nil && d.venv != "" {
		return detect.Virtualenv{}, err
	}
	if err != nil {
		return detect.Virtualenv{}, errors.New("no virtualenv: name it as venv in the file")
	}
	venv, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return detect.Virtualenv{}, err
	}
	if d.venv == "" && venv.Foreign() {
		return detect.Virtualenv{}, fmt.Errorf("no virtualenv is named, and the one here is one that others can change (%s): name it as venv in the file", venv.OthersCanChange)
	}
	return venv, nil
}

// Only takes the other sites, and the daemon process groups of them alone, out of
// what is declared; without names nothing. A name that the file does not declare is
// an error.
func (d Declared) Only(names []string) (Declared, error) {
	if len(names) == 0 {
		return d, nil
	}
	for _, name := range names {
		if !d.File.Declares(name) {
			return d, fmt.Errorf("--only %s: %s declares no such site, but %s", name, d.Path, strings.Join(d.File.SiteNames(), ", "))
		}
	}
	daemons := map[string]bool{}
	sites := slices.DeleteFunc(slices.Clone(d.File.Sites), func(site templates.Site) bool { return !slices.Contains(names, site.Name) })
	for _, site := range sites {
		daemons[cmp.Or(site.Daemon, site.Name)] = true
	}
	d.File.Sites, d.Partly = sites, true
	d.File.Daemons = slices.DeleteFunc(slices.Clone(d.File.Daemons), func(daemon templates.Daemon) bool { return !daemons[daemon.Name] })
	return d, nil
}

// Again is the declaration with another text of its file, which was read before.
func (d Declared) Again(text string) (Declared, error) {
	file, err := Parse(d.Path, []byte(text))
	if err == nil {
		d.File = file
	}
	return d, err
}
