package repository

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/trust"
)

// follow looks at what a link leads to. Root follows none that others could have led
// to a file of their choice.
func (f *finder) follow(path string) {
	info, err := os.Stat(path)
	switch untrusted := trust.Deciders().Check(path); {
	case errors.As(untrusted, new(*trust.Untrusted)):
		f.found.Skipped.add(ledByOthers, path)
	case err != nil:
		f.found.Skipped.add(unreadable, path)
	case info.IsDir():
		f.found.Skipped.add(link, path)
	case f.isApache(path):
		f.links = append(f.links, path)
	}
}

// addLinked adds the links that lead to files which were not found otherwise.
func (f *finder) addLinked() {
	if len(f.links) == 0 {
		return
	}
	known := map[string]bool{}
	for _, path := range f.found.Files {
		known[whereItLeads(path)] = true
	}
	for _, path := range f.links {
		if name := whereItLeads(path); !known[name] {
			known[name] = true
			f.found.Files = append(f.found.Files, path)
		}
	}
}

// whereItLeads is a path without links on the way.
func whereItLeads(path string) string {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return path
	}
	if absolute, err := filepath.Abs(resolved); err == nil {
		return absolute
	}
	return resolved
}
