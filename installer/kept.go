package installer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// KeptFolder is where root keeps modules for virtualenvs of others.
func KeptFolder() string {
	if runtime.GOOS == "linux" {
		return "/var/lib/wsgictl/modules"
	}
	return "/var/db/wsgictl/modules"
}

// keptFolder is the one that was named, else the usual one.
func (j installation) keptFolder() string { return cmp.Or(j.ModulesDirectory, KeptFolder()) }

// keep puts the module into root's folder, named by release, Python and digest:
// a running Apache keeps the file that it has mapped.
func (j installation) keep(ctx context.Context, wheel *Wheel) (Installed, error) {
	folder, err := filepath.Abs(j.keptFolder())
	if err != nil {
		return Installed{}, err
	}
	if err := checkKept(j.Trusted, folder); err != nil {
		return Installed{}, err
	}
	made, _, err := j.Trusted.MakeFolder(folder, 0o755)
	if err != nil {
		return Installed{}, fmt.Errorf("keep the module: %w", err)
	}
	_ = made.Close() // nobody else can put another one in its place
	content := wheel.module().data
	path := filepath.Join(folder, modwsgi.ModuleFile{Release: wheel.Release, Python: j.Host.Python.MinorVersion()}.Name(content))
	written, err := j.putModule(ctx, pair{path, wheelFile{data: content}, wheelFile{data: wheel.beside().data}}, j.Keeping)
	switch {
	case err != nil:
		return Installed{}, fmt.Errorf("keep the module: %w", err)
	case !written:
		j.say("mod_wsgi %s is kept already as %s.", wheel.Release, path)
	default:
		j.say("Kept mod_wsgi %s as %s, and not in the virtualenv, which others can change (%s): what Apache loads as root stays root's.",
			wheel.Release, path, j.Host.Virtualenv.OthersCanChange)
	}
	j.adviseSELinux(folder)
	kept, err := readKept(path)
	return kept.installed(*j.Host.Virtualenv, *j.Host.Python), err
}

// adviseSELinux tells what lets httpd map files of a folder that no package
// knows.
func (j installation) adviseSELinux(folder string) {
	if j.Host.System.SELinux == "enforcing" {
		j.say("SELinux is enforcing: to let Apache load it, run once: %s", detect.LabelFolder("httpd_modules_t", folder))
	}
}

// checkKept refuses a folder for modules that somebody else could change.
func checkKept(trusted trust.Trustees, folder string) error {
	err := trusted.Check(folder)
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		return fmt.Errorf("folder for modules %s: %s, and Apache loads as root what lies there: name another one with --modules-directory%s",
			folder, untrusted.Where(), trust.AtOwnRisk(untrusted))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it is made
	}
	return err
}

// Kept is a module that root keeps.
type Kept struct {
	Module  detect.Module
	Release modwsgi.Release

	built time.Time
}

// readKept reads a kept module. What its file does not say, as that of a static
// Python may not, its name does.
func readKept(path string) (Kept, error) {
	named, ok := modwsgi.ParseModuleFile(path)
	if !ok {
		return Kept{}, fmt.Errorf("%s: not the name of a module that is kept", path)
	}
	module, err := detect.ReadModule(path)
	if err != nil {
		return Kept{}, err
	}
	module.Release, module.Python = named.Release.String(), named.Python
	info, err := os.Stat(path)
	if err != nil {
		return Kept{}, err
	}
	return Kept{module, named.Release, info.ModTime()}, nil
}

// LoadFile is the libpython that Apache must load before the module: that of the
// Python, where the loader would not find it by itself.
func (k Kept) LoadFile(python detect.Python) string {
	if k.Module.Libpython == "" || python.Libpython == "" || sameFile(k.Module.Resolved, python.Libpython) {
		return ""
	}
	return python.Libpython
}

// fits reports whether the module was built for a Python: for its version, and
// its library where it has a shared one.
func (k Kept) fits(python detect.Python) bool {
	if k.Module.Python != python.MinorVersion() || (k.Module.Libpython == "") != (python.Libpython == "") {
		return false
	}
	if k.Module.Resolved == "" {
		return filepath.Base(k.Module.Libpython) == filepath.Base(python.Libpython) || k.Module.Libpython == ""
	}
	return sameFile(k.Module.Resolved, python.Libpython)
}

// FindKept gives the modules that root keeps in a folder for a Python: the newest
// release first, and of several builds of one the last. A folder that is not there has none.
func FindKept(folder string, python detect.Python) ([]Kept, error) {
	var found []Kept
	for _, path := range glob(folder, "mod_wsgi-*-py"+python.MinorVersion()+"-*.so") {
		if _, ok := modwsgi.ParseModuleFile(path); !ok {
			continue
		}
		kept, err := readKept(path)
		if err != nil {
			return nil, fmt.Errorf("module that root keeps: %w; move %s away and run this again: a new one is built where none is left", err, path)
		}
		if kept.fits(python) {
			found = append(found, kept)
		}
	}
	slices.SortFunc(found, func(a, b Kept) int {
		return cmp.Or(b.Release.Compare(a.Release), b.built.Compare(a.built))
	})
	return found, nil
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}
