package detect

import (
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
)

// stringConstants splits a section of C string constants; what cannot be a
// version or one of the texts around it is left out.
func stringConstants(section []byte) []string {
	var found []string
	for text := range strings.SplitSeq(string(section), "\x00") {
		if len(text) >= 3 && len(text) < 200 {
			found = append(found, text)
		}
	}
	return found
}

var (
	libpythonName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^libpython(\d+\.\d+)`) })
	frameworkName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/Versions/(\d+\.\d+)/Python$`) })
	moduleFileName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^mod_wsgi-py(\d)(\d+)\.`) })
	versionText    = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d+\.\d+\.\d+)((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?\+?$`)
	})
	libraryPath = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/python([23]\.\d+)/`) })
	releaseText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^mod_wsgi/(\d+\.\d+(\.\d+)?\S*)$`) })
)

// pythonOfNames gives the Python version ("3.11") that a module was compiled
// for, by the library that it needs, else by the file name that setup.py
// chooses.
func pythonOfNames(libpython, path string) string {
	if m := libpythonName().FindStringSubmatch(filepath.Base(libpython)); m != nil {
		return m[1]
	}
	if m := frameworkName().FindStringSubmatch(libpython); m != nil {
		return m[1]
	}
	if m := moduleFileName().FindStringSubmatch(filepath.Base(path)); m != nil {
		return m[1] + "." + m[2]
	}
	return ""
}

// pythonOfConstants gives it for a mod_wsgi.so with a static libpython, by
// PY_VERSION, which stands near the text that reports it, else by a path of
// the standard library or the headers: the linker may have merged PY_VERSION
// into a longer text that ends with it.
func pythonOfConstants(constants []string, release string) string {
	others := slices.DeleteFunc(slices.Clone(constants), func(text string) bool { return text == release })
	if found := nearestVersion(others, "ompiled for Python/%s", ""); found != "" {
		return MinorVersion(found)
	}
	for _, text := range constants {
		if m := libraryPath().FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// moduleRelease gives mod_wsgi's own version. The C source formats it into
// "mod_wsgi/%s"; the compiler keeps both texts of one function close together.
// A version that starts like Python's own is PY_VERSION.
func moduleRelease(constants []string, python string) string {
	for _, text := range constants {
		if !strings.HasPrefix(text, "mod_wsgi/") {
			continue // cheaper than the expression
		}
		if m := releaseText().FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return nearestVersion(constants, "mod_wsgi/%s", python)
}

// nearestVersion gives the version among the constants that stands nearest to
// one that contains anchor, leaving out those of the series except.
func nearestVersion(constants []string, anchor, except string) string {
	at := -1
	for i, text := range constants {
		if strings.Contains(text, anchor) {
			at = i
			break
		}
	}
	if at < 0 {
		return ""
	}
	var versions []int
	for i, text := range constants {
		if '0' <= text[0] && text[0] <= '9' && versionText().MatchString(text) && (except == "" || MinorVersion(text) != except) {
			versions = append(versions, i)
		}
	}
	if len(versions) == 0 {
		return ""
	}
	sort.Slice(versions, func(a, b int) bool { return distance(versions[a], at) < distance(versions[b], at) })
	return constants[versions[0]]
}

func distance(a, b int) int {
	if a > b {
		return a - b
	}
	return b - a
}
