package detect

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// LocateApache finds an httpd and its modules folder from files alone, for
// commands that cannot wait for Detect. The httpd is the one named, else the
// virtualenv's, else the first on PATH and in the usual folders. Only where
// the files do not tell the modules or the MPM is httpd started and asked.
// Of the fields of an Apache only Path, ModulesDir, Loadable, MPM, MPMBuiltIn
// and MPMs are filled in.
func LocateApache(ctx context.Context, httpd string, v *Virtualenv) (Apache, error) {
	t := treeAt("")
	path, err := t.locateHTTPD(httpd, v)
	if err != nil {
		return Apache{}, err
	}
	a := Apache{Path: path, ModulesDir: t.locateModules(path)}
	t.listModules(&a)
	if len(a.MPMs) > 0 {
		return a, nil
	}
	asked, err := t.readOrAskHTTPD(ctx, path, System{})
	if err != nil {
		return Apache{}, fmt.Errorf("find Apache's modules: %w", err)
	}
	return *asked, nil
}

func (t tree) locateHTTPD(name string, v *Virtualenv) (string, error) {
	if filepath.IsAbs(name) {
		if !t.IsProgram(name) {
			return "", fmt.Errorf("find httpd: %s is no program", name)
		}
		return name, nil
	}
	names := installed.ProgramNames
	if name != "" {
		names = []string{name}
	} else if v != nil {
		if path := strings.TrimSuffix(v.SitePackages, "/") + bundledPath; t.IsProgram(path) && trust.Deciders().Check(path) == nil {
			return path, nil
		}
	}
	for _, dir := range append(t.SearchPath(), httpdFolders...) {
		for _, name := range names {
			if path := filepath.Join(dir, name); t.IsProgram(path) && trust.Deciders().Check(path) == nil {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("find httpd: no %s in %s: install Apache, or name it (--httpd-executable)",
		strings.Join(names, ", "), strings.Join(append(t.SearchPath(), httpdFolders...), string(os.PathListSeparator)))
}

// locateModules looks beside a httpd in a prefix of its own, and then where
// the layouts keep their modules.
func (t tree) locateModules(httpd string) string {
	if prefix, found := strings.CutSuffix(httpd, "/bin/httpd"); found && t.IsDir(prefix+"/modules") {
		return prefix + "/modules"
	}
	for _, row := range layouts {
		if dir := hostfiles.FirstOf(row.modules, t.IsDir); dir != "" && !strings.HasPrefix(dir, "/usr/local/") {
			return dir
		}
	}
	return ""
}

// Unreadable gives the first folder that a user may not enter on the way to
// path, or path's own target if the user may not read that. Empty when nothing
// is in the way, or when that cannot be told. The user is a name, or a number
// as in "#33".
func Unreadable(path, user string) string {
	t := treeAt("")
	who, known := t.Account(user)
	if !known {
		return ""
	}
	return t.barrier(path, who)
}

// HasLocale reports whether a locale is installed. It looks for the files of
// that one locale before it starts the program that lists all.
func HasLocale(ctx context.Context, name string) bool {
	if name == "C" || name == "POSIX" {
		return true
	}
	t := treeAt("")
	for _, dir := range t.Glob("/usr/lib/locale", "*/LC_CTYPE") {
		if normalLocale(filepath.Base(filepath.Dir(dir))) == normalLocale(name) {
			return true
		}
	}
	system := t.readSystem()
	system.Locales = t.readLocales(ctx, system)
	return system.HasLocale(name)
}

// LibpythonRemedy is empty where the loader finds the libpython that the module
// needs, or Apache is told to load it; else the command that brings it.
func LibpythonRemedy(m Module, v Virtualenv) string {
	if m.Libpython == "" || m.Resolved != "" || LibpythonToLoad(m, v) != "" {
		return ""
	}
	return packagesOf(treeAt("").readSystem()).libpythonFor(m, v)
}

// LibpythonToLoad is the libpython that Apache must load before the module,
// empty where the loader finds the right one by itself, and for a static
// Python. Upstream prints no such line on Linux; on macOS it prints one for
// each Python that is not a framework.
func LibpythonToLoad(m Module, v Virtualenv) string {
	if runtime.GOOS == "darwin" && filepath.Ext(m.Resolved) == ".dylib" {
		return m.Resolved
	}
	if m.Libpython == "" || v.Home == "" {
		return ""
	}
	t := treeAt("")
	for _, lib := range []string{"lib", "lib64"} {
		own := filepath.Join(filepath.Dir(v.Home), lib, m.Libpython)
		if t.IsFile(own) && !t.Same(own, m.Resolved) {
			return own
		}
	}
	return ""
}
