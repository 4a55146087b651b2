package installer

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// A tree is the unpacked source of one mod_wsgi release.
type tree struct {
	dir     string // holds src/
	release modwsgi.Release
	express bool // has the package mod_wsgi.express, as from 6.0 on
}

// openTree finds the source in dir itself, or in the one folder that released
// archives have at their top.
func openTree(dir string) (tree, error) {
	top, err := topFolder(dir)
	if err != nil {
		return tree{}, err
	}
	t := tree{dir: top}
	if t.release, err = treeRelease(top); err != nil {
		return tree{}, err
	}
	_, err = os.Stat(filepath.Join(top, "src", "express", "cli.py"))
	t.express = err == nil
	return t, nil
}

func topFolder(dir string) (string, error) {
	for _, pattern := range []string{"src/server/mod_wsgi.c", "*/src/server/mod_wsgi.c"} {
		if found := glob(dir, pattern); len(found) == 1 {
			return filepath.Dir(filepath.Dir(filepath.Dir(found[0]))), nil
		}
	}
	return "", errNotModWSGI
}

// glob expands a pattern below a folder, whose own name means what it says: it may
// hold characters of a pattern.
func glob(dir, pattern string) []string {
	names, _ := fs.Glob(os.DirFS(dir), pattern) // only a bad pattern is an error, and ours are constants
	for i, name := range names {
		names[i] = filepath.Join(dir, name)
	}
	return names
}

var versionLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^#define MOD_WSGI_VERSION_STRING "([^"]*)"`) })

func treeRelease(dir string) (modwsgi.Release, error) {
	text, err := trust.ReadFile(filepath.Join(dir, "src", "server", "wsgi_version.h"), maxArchiveSize)
	if err != nil {
		return modwsgi.Release{}, err
	}
	match := versionLine().FindSubmatch(text)
	if match == nil {
		return modwsgi.Release{}, errors.New("no MOD_WSGI_VERSION_STRING in src/server/wsgi_version.h")
	}
	return modwsgi.ParseRelease(string(match[1]))
}

// units names the C files to compile, relative to the tree, the largest first:
// the compiler that starts last should have the least to do.
func (t tree) units() ([]string, error) {
	type unit struct {
		name string
		size int64
	}
	entries, err := os.ReadDir(filepath.Join(t.dir, "src", "server"))
	if err != nil {
		return nil, err
	}
	var units []unit
	for _, entry := range entries {
		if !entry.Type().IsRegular() || filepath.Ext(entry.Name()) != ".c" {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			return nil, err
		}
		units = append(units, unit{"src/server/" + entry.Name(), info.Size()})
	}
	slices.SortFunc(units, func(a, b unit) int {
		return cmp.Or(cmp.Compare(b.size, a.size), strings.Compare(a.name, b.name))
	})
	var names []string
	for _, u := range units {
		names = append(names, u.name)
	}
	return names, nil
}

// A packaged is one file of the tree's Python package: where it lies in the
// tree and where it goes in the wheel.
type packaged struct {
	from, to string // slash-separated
}

// packageFiles lists the files of the Python package mod_wsgi as setup.py's
// package_dir and package_data name them: src is the package itself, the
// folders of images and documentation are packages in it.
func (t tree) packageFiles() ([]packaged, error) {
	var files []packaged
	for _, part := range []struct {
		from, to string
		python   bool // Python files only
	}{
		{"src", "mod_wsgi", true},
		{"images", "mod_wsgi/images", false},
		{"docs/_build/html", "mod_wsgi/docs", false},
	} {
		names, err := t.walk(part.from)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if part.python && !strings.HasSuffix(name, ".py") {
				continue
			}
			files = append(files, packaged{from: name, to: part.to + strings.TrimPrefix(name, part.from)})
		}
	}
	// The build's own answer takes this name.
	return slices.DeleteFunc(files, func(f packaged) bool { return f.to == t.apxsConfigName() }), nil
}

// walk lists the regular files below a folder of the tree; a folder that is
// not there has none.
func (t tree) walk(folder string) ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(t.dir), folder, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == folder {
			return fs.SkipAll
		}
		if err != nil {
			return err
		}
		if entry.Type().IsRegular() {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	return names, nil
}

// apxsConfigName is where the wheel holds the module that setup.py generates.
func (t tree) apxsConfigName() string {
	if t.express {
		return "mod_wsgi/express/apxs_config.py"
	}
	return "mod_wsgi/server/apxs_config.py"
}

// entryPoint is the function that mod_wsgi-express runs.
func (t tree) entryPoint() entryPoint {
	if t.express {
		return entryPoint{"mod_wsgi.express.cli", "main"}
	}
	return entryPoint{"mod_wsgi.server", "main"}
}
