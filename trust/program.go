package trust

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// LookPath finds a program as exec.LookPath does, and passes over those on PATH
// that somebody could change who is not trusted. The error names these, and
// wraps [exec.ErrNotFound] where there is none at all.
func (t Trustees) LookPath(name string) (string, error) {
	if t.everyone {
		return exec.LookPath(name)
	}
	if strings.ContainsRune(name, filepath.Separator) {
		path, err := exec.LookPath(name)
		if err == nil {
			err = t.Check(path)
		}
		return path, err
	}
	var passed []error
	for _, folder := range absoluteFolders(os.Getenv("PATH")) {
		path, err := exec.LookPath(filepath.Join(folder, name))
		if err != nil {
			continue
		}
		if err = t.Check(path); err == nil {
			return path, nil
		}
		passed = append(passed, err)
	}
	if len(passed) == 0 {
		return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
	}
	return "", fmt.Errorf("no %s on PATH that root alone can change: %w", name, errors.Join(passed...))
}

// SearchPath is the value of a variable such as PATH without the folders that
// somebody could change who is not trusted, for a program that starts others.
func (t Trustees) SearchPath(value string) string {
	if t.everyone {
		return value
	}
	var kept []string
	for _, folder := range absoluteFolders(value) {
		if t.Check(folder) == nil {
			kept = append(kept, folder)
		}
	}
	return strings.Join(kept, string(filepath.ListSeparator))
}

// absoluteFolders leaves out those that depend on where the caller stands.
func absoluteFolders(value string) []string {
	var folders []string
	for _, folder := range filepath.SplitList(value) {
		if filepath.IsAbs(folder) {
			folders = append(folders, folder)
		}
	}
	return folders
}
