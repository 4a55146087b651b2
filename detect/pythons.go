package detect

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// pythonPlaces are the folders of interpreters beyond PATH; ~ is the caller's
// home.
var pythonPlaces = []string{
	"/usr/bin", "/usr/local/bin", "/opt/*/bin",
	"~/.pyenv/versions/*/bin", "~/.local/share/uv/python/*/bin",
	"~/miniconda3/bin", "~/anaconda3/bin", "~/miniforge3/bin", "~/.conda/envs/*/bin",
	"/opt/homebrew/opt/python@*/bin", "/usr/local/opt/python@*/bin",
	"/Library/Frameworks/Python.framework/Versions/*/bin",
}

// interpreterName matches programs with their version in the name, so that a
// link for convenience does not count twice: python3.11, not python3.11-config.
var interpreterName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^python[23]\.\d+t?$`) })

// findPythons lists the interpreters of the machine, read from their files:
// to start each would cost more than all the rest of detection.
func (t tree) findPythons(looked *notebook) []Python {
	var pythons []Python
	var known []string
	for _, dir := range t.pythonFolders() {
		for _, name := range t.Names(dir) {
			path := filepath.Join(dir, name)
			if !strings.HasPrefix(name, "python") || !interpreterName().MatchString(name) || slices.Contains(known, t.Real(path)) {
				continue
			}
			known = append(known, t.Real(path))
			if p := t.readPython(path); p != nil {
				pythons = append(pythons, *p)
				looked.note("pythons", path, p.Implementation+" "+p.Version)
			} else {
				looked.note("pythons", path, "not an interpreter that keeps its facts in files; not started")
			}
		}
	}
	return pythons
}

// pythonFolders gives each folder that may hold interpreters once, PATH first.
func (t tree) pythonFolders() []string {
	dirs := t.SearchPath()
	home := os.Getenv("HOME")
	for _, place := range pythonPlaces {
		folder := "/"
		if below, found := strings.CutPrefix(place, "~"); found {
			folder, place = home, below
		}
		if folder != "" {
			dirs = append(dirs, t.Glob(folder, place)...)
		}
	}
	var once, known []string
	for _, dir := range dirs {
		if real := t.Real(dir); !slices.Contains(known, real) {
			known = append(known, real)
			once = append(once, dir)
		}
	}
	return once
}
