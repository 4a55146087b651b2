package detect

import (
	"context"
	"path/filepath"
	"runtime"
)

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
