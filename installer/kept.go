package installer

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// KeptFolder is where root keeps modules for virtualenvs of others.
func KeptFolder() string {
	if runtime.GOOS == "linux" {
		return "/var/lib/wsgictl/modules"
	}
	return "/var/db/wsgictl/modules"
}

// Kept is a module that root keeps.
type Kept struct {
	Module  detect.Module
	Release modwsgi.Release
}

// FindKept gives the modules that root keeps in a folder for a Python, the
// newest release first. A folder that is not there has none.
func FindKept(folder string, python detect.Python) ([]Kept, error) {
	paths, err := filepath.Glob(filepath.Join(escapeGlob(folder), "mod_wsgi-*-py"+python.MinorVersion()+"-*.so"))
	if err != nil {
		return nil, fmt.Errorf("modules in %s: %w", folder, err)
	}
	var kept []Kept
	for _, path := range paths {
		module, err := detect.ReadModule(path)
		if err != nil {
			return nil, err
		}
		release, err := modwsgi.ParseRelease(module.Release)
		if err != nil {
			return nil, fmt.Errorf("read module %s: %w", path, err)
		}
		kept = append(kept, Kept{module, release})
	}
	slices.SortFunc(kept, func(a, b Kept) int {
		return cmp.Or(b.Release.Compare(a.Release), cmp.Compare(a.Module.Path, b.Module.Path))
	})
	return kept, nil
}
