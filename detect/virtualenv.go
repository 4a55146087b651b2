package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
)

// virtualenvMarks are what each kind of virtualenv leaves in its folder.
var virtualenvMarks = []string{"pyvenv.cfg", "conda-meta", "bin/activate_this.py"}

// isVirtualenv tells a virtualenv from another folder.
func isVirtualenv(t tree, dir string) bool {
	return slices.ContainsFunc(virtualenvMarks, func(name string) bool { return t.Exists(filepath.Join(dir, name)) })
}

// ReadVirtualenv reads a virtualenv from its files, without starting Python.
// A virtualenv that cannot work is no error: Broken says what is wrong.
func ReadVirtualenv(dir string) (Virtualenv, error) {
	return treeAt("").readVirtualenv(dir)
}

func (t tree) readVirtualenv(dir string) (Virtualenv, error) {
	dir, err := t.Absolute(dir)
	if err != nil {
		return Virtualenv{}, fmt.Errorf("read virtualenv: %w", err)
	}
	if err := t.noVirtualenv(dir); err != nil {
		return Virtualenv{}, err
	}
	v := Virtualenv{Path: dir}
	config := t.pyvenvConfig(filepath.Join(dir, "pyvenv.cfg"))
	v.Kind = t.virtualenvKind(dir, config)
	v.Home = config["home"]
	v.Relocatable = strings.EqualFold(config["relocatable"], "true")
	v.Version = virtualenvVersion(config)
	v.SitePackages = t.sitePackages(dir, v.Version)
	if v.Version == "" {
		v.Version = versionOfSitePackages(v.SitePackages)
	}
	if v.Kind == "conda" {
		v.Home = filepath.Join(dir, "bin")
	}
	v.Writable = t.writable(v.SitePackages)
	v.Pip = t.distributionVersion(v.SitePackages, "pip")
	v.Broken = t.virtualenvBroken(v)
	v.MovedFrom = t.movedFrom(v)
	v.NoExec = NoExec(t.At(v.SitePackages))
	v.OthersCanChange = t.othersCanChange(dir, filepath.Join(dir, "pyvenv.cfg"), filepath.Join(dir, "bin"), v.SitePackages)
	return v, nil
}

// Python is the path of the virtualenv's interpreter.
func (v Virtualenv) Python() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(v.Path, "Scripts", "python.exe")
	}
	return filepath.Join(v.Path, "bin", "python")
}

// OpenFolder opens a folder of the virtualenv, such as its SitePackages, to
// write there: a link that leads out of the virtualenv is refused, and a path
// whose owner has meanwhile put something else there that is no virtualenv.
func (v Virtualenv) OpenFolder(path string) (*os.Root, error) {
	root, err := os.OpenRoot(v.Path)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if !slices.ContainsFunc(virtualenvMarks, func(name string) bool { _, err := root.Stat(name); return err == nil }) {
		return nil, fmt.Errorf("%s is no virtualenv any more", v.Path)
	}
	relative, err := filepath.Rel(v.Path, path)
	if err != nil {
		return nil, err
	}
	folder, err := root.OpenRoot(relative)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("open %s, without following links that lead out of the virtualenv: %w", path, err)
	}
	return folder, err
}

// pyvenvConfig reads "key = value" lines; keys are in lower case, as site.py
// compares them.
func (t tree) pyvenvConfig(path string) map[string]string {
	text, err := t.Read(path)
	if err != nil {
		return nil
	}
	config := map[string]string{}
	for line := range strings.Lines(text) {
		if key, value, found := strings.Cut(line, "="); found {
			config[strings.ToLower(strings.TrimSpace(key))] = strings.TrimSpace(value)
		}
	}
	return config
}

func (t tree) virtualenvKind(dir string, config map[string]string) string {
	switch {
	case config["uv"] != "":
		return "uv"
	case config["virtualenv"] != "":
		return "virtualenv"
	case config != nil:
		return "venv"
	case t.IsDir(filepath.Join(dir, "conda-meta")):
		return "conda"
	default:
		return "virtualenv" // before release 20 it wrote no pyvenv.cfg
	}
}

// virtualenvVersion is Python's version: "version = 3.12.1" by venv,
// "version_info = 3.12.1.final.0" by virtualenv, "version_info = 3.12.1" by uv.
func virtualenvVersion(config map[string]string) string {
	if config["version"] != "" {
		return config["version"]
	}
	parts := strings.Split(config["version_info"], ".")
	if len(parts) > 3 {
		parts = parts[:3]
	}
	return strings.Join(parts, ".")
}

// sitePackages is the platlib folder: lib, or lib64 where that is a folder of
// its own and not venv's link to lib.
func (t tree) sitePackages(dir, version string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(dir, "Lib", "site-packages")
	}
	for _, lib := range []string{"lib", "lib64"} {
		if version != "" {
			for _, suffix := range []string{"", "t"} { // python3.13t is the free-threaded build
				if path := filepath.Join(dir, lib, "python"+MinorVersion(version)+suffix, "site-packages"); t.IsDir(path) {
					return path
				}
			}
		}
		if found := t.Glob(filepath.Join(dir, lib), "python[23].*/site-packages"); len(found) > 0 {
			return found[0]
		}
	}
	return filepath.Join(dir, "lib", "python"+MinorVersion(version), "site-packages")
}

func versionOfSitePackages(path string) string {
	return strings.TrimSuffix(strings.TrimPrefix(filepath.Base(filepath.Dir(path)), "python"), "t")
}

// distributionVersion reads the version of an installed distribution from the
// name of its dist-info folder; empty when it is not installed.
func (t tree) distributionVersion(sitePackages, name string) string {
	found := t.Glob(sitePackages, name+"-*.dist-info")
	if len(found) == 0 {
		return ""
	}
	sort.Strings(found)
	base := strings.TrimSuffix(filepath.Base(found[len(found)-1]), ".dist-info")
	return strings.TrimPrefix(base, name+"-")
}

var activatedPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^\s*(?:export )?VIRTUAL_ENV=["']?(/[^"'\n$]*)["']?$`)
})

// movedFrom reads the folder for which the script bin/activate was written;
// empty when that is where the virtualenv is. Its interpreter works in any
// place, the scripts beside it do not.
func (t tree) movedFrom(v Virtualenv) string {
	text, err := t.Read(filepath.Join(v.Path, "bin", "activate"))
	if err != nil {
		return ""
	}
	m := activatedPath().FindStringSubmatch(text)
	if m == nil || filepath.Clean(m[1]) == v.Path || t.Same(m[1], v.Path) {
		return ""
	}
	return m[1]
}

// virtualenvBroken says why the virtualenv cannot work, or nothing.
func (t tree) virtualenvBroken(v Virtualenv) string {
	python := v.Python()
	if closed := t.closed(python); closed != "" {
		if target, err := os.Readlink(t.At(python)); err == nil {
			return fmt.Sprintf("%s leads to %s: %s", python, t.linkEnd(python, target), closed)
		}
		return closed
	}
	if !t.IsProgram(python) {
		if target, err := os.Readlink(t.At(python)); err == nil {
			return fmt.Sprintf("%s points to %s, which is gone", python, t.linkEnd(python, target))
		}
		return python + " is missing"
	}
	if closed := t.closed(v.Home); v.Home != "" && closed != "" {
		return fmt.Sprintf("its base Python's folder is %s: %s", v.Home, closed)
	}
	if v.Home != "" && !t.IsDir(v.Home) {
		return fmt.Sprintf("its base Python's folder %s is gone", v.Home)
	}
	if !t.IsDir(v.SitePackages) {
		return v.SitePackages + " is missing"
	}
	return ""
}

// linkEnd follows a chain of links to the first name that does not exist.
func (t tree) linkEnd(link, target string) string {
	for range 40 {
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(link), target)
		}
		next, err := os.Readlink(t.At(target))
		if err != nil {
			return target
		}
		link, target = target, next
	}
	return target
}
