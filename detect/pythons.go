package detect

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// pythonPlaces are patterns of interpreters beyond PATH; ~ is the caller's
// home. Each is a program with its version in the name, so that a shim or a
// link for convenience does not count twice.
var pythonPlaces = []string{
	"/usr/bin/python[23].*", "/usr/local/bin/python[23].*", "/opt/*/bin/python[23].*",
	"~/.pyenv/versions/*/bin/python[23].*",
	"~/.local/share/uv/python/*/bin/python[23].*",
	"~/miniconda3/bin/python3.*", "~/anaconda3/bin/python3.*", "~/miniforge3/bin/python3.*",
	"~/.conda/envs/*/bin/python3.*",
	"/opt/homebrew/opt/python@*/bin/python3.*", "/usr/local/opt/python@*/bin/python3.*",
	"/Library/Frameworks/Python.framework/Versions/*/bin/python3.*",
}

// Of python3.11 and not of python3.11-config.
var interpreterName = regexp.MustCompile(`^python[23]\.\d+t?$`)

// findPythons lists the interpreters of the machine, read from their files:
// to start each would cost more than all the rest of detection.
func (t tree) findPythons(looked *notebook) []Python {
	patterns := []string{}
	for _, dir := range searchPath() {
		patterns = append(patterns, filepath.Join(dir, "python[23].*"))
	}
	home := os.Getenv("HOME")
	for _, place := range pythonPlaces {
		if place[0] == '~' {
			if home == "" {
				continue
			}
			place = home + place[1:]
		}
		patterns = append(patterns, place)
	}
	var pythons []Python
	var known []string
	for _, pattern := range patterns {
		for _, path := range t.glob(pattern) {
			if real := t.real(path); interpreterName.MatchString(filepath.Base(path)) && !slices.Contains(known, real) {
				known = append(known, real)
				if p := t.readPython(path); p != nil {
					pythons = append(pythons, *p)
					looked.note("pythons", path, p.Implementation+" "+p.Version)
				} else {
					looked.note("pythons", path, "not an interpreter that keeps its facts in files; not started")
				}
			}
		}
	}
	return pythons
}
