package detect

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// FindVirtualenv gives the folder of the virtualenv to work with: the one
// named explicitly, or by its bin folder or the Python there, else VIRTUAL_ENV,
// else .venv, venv or env, or the one other folder that is a virtualenv, in one
// of the folders, which is the current one where none is given; else .venv, venv
// or env in the nearest folder above it, as far as the project goes. The error
// says how to make or name one; it is [ErrNoVirtualenv] where there is none, and
// a [*NotVirtualenv] for a path that no Apache could be told. It starts no process.
func FindVirtualenv(explicit string, folders ...string) (string, error) {
	dir, err := findVirtualenv(explicit, folders)
	if err == nil && strings.ContainsAny(dir, "\n\r") {
		err = &NotVirtualenv{Path: dir, Found: "Apache's configuration can hold no line break", Advice: movedAdvice}
	}
	if err == nil && strings.Contains(dir, "${") {
		err = &NotVirtualenv{Path: dir, Found: "in its configuration Apache puts a variable in the place of ${…}, whatever the quotes", Advice: movedAdvice}
	}
	return dir, err
}

const movedAdvice = "make a virtualenv at another path, and name it with --venv DIR"

func findVirtualenv(explicit string, folders []string) (string, error) {
	if explicit != "" {
		return treeAt("").named(explicit)
	}
	if active := os.Getenv("VIRTUAL_ENV"); active != "" {
		return activeVirtualenv(active)
	}
	if len(folders) == 0 {
		folders = []string{"."}
	}
	for _, folder := range folders {
		found, err := nearestVirtualenv(folder)
		if !errors.Is(err, ErrNoVirtualenv) {
			return found, err
		}
	}
	return "", ErrNoVirtualenv
}

// activeVirtualenv is the one of VIRTUAL_ENV. The shell has it still when the
// folder was removed.
func activeVirtualenv(active string) (string, error) {
	dir, err := filepath.Abs(active)
	if err == nil && !treeAt("").Exists(dir) {
		err = &NotVirtualenv{Path: dir, Found: "VIRTUAL_ENV names it, and there is no such folder",
			Advice: "forget it with: unset VIRTUAL_ENV; or name another one with --venv DIR"}
	}
	return dir, err
}

// nearestVirtualenv looks into a folder, then into those above it: a project is
// served from its src too.
func nearestVirtualenv(folder string) (string, error) {
	start, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		for _, name := range []string{".venv", "venv", "env"} {
			if path := filepath.Join(dir, name); isVirtualenv(treeAt(""), path) {
				return path, nil
			}
		}
		if dir == start {
			switch others := otherVirtualenvs(dir); len(others) {
			case 0:
			case 1:
				return filepath.Join(dir, others[0]), nil
			default:
				return "", &SeveralVirtualenvs{others}
			}
		}
		if treeAt("").Exists(filepath.Join(dir, ".git")) || holdsProjects(dir) || holdsProjects(filepath.Dir(dir)) {
			return "", ErrNoVirtualenv
		}
	}
}

// holdsProjects tells a folder that is none of a project: "/", the home, and one
// that is open to everybody.
func holdsProjects(dir string) bool { return dir == "/" || dir == os.Getenv("HOME") || isOpen(dir) }

// ErrNoVirtualenv tells that there is none where one is looked for.
var ErrNoVirtualenv = errors.New("find a virtualenv: VIRTUAL_ENV is not set and no folder here (.venv, venv, env or another) or above is one; " +
	"make one (python3 -m venv .venv) or name it (--venv DIR)")

// SeveralVirtualenvs tells that the current folder has more than one, and that
// none has a usual name.
type SeveralVirtualenvs struct{ Names []string }

func (e *SeveralVirtualenvs) Error() string { return e.cause() + "; name one with --venv DIR" }

func (e *SeveralVirtualenvs) cause() string {
	return fmt.Sprintf("find a virtualenv: there are several here (%s)", strings.Join(e.Names, ", "))
}

// otherVirtualenvs are those of a folder whose names say nothing. In a folder such
// as /tmp, where anybody may put one, none is taken.
func otherVirtualenvs(dir string) []string {
	if isOpen(dir) {
		return nil
	}
	entries, _ := os.ReadDir(dir) // one that cannot be read has none
	var names []string
	for _, entry := range entries {
		if treeAt("").Exists(filepath.Join(dir, entry.Name(), "pyvenv.cfg")) {
			names = append(names, entry.Name())
		}
	}
	return names
}

// isOpen tells whether anybody may write to a folder, or it cannot be looked at.
func isOpen(dir string) bool {
	info, err := os.Stat(dir)
	return err != nil || info.Mode()&0o002 != 0
}

// VirtualenvOf is the virtualenv in whose bin folder a program stands, named as a shell
// does; empty where it stands elsewhere.
func VirtualenvOf(program string) string {
	path, err := exec.LookPath(program)
	if err != nil {
		return ""
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return ""
	}
	venv, err := ReadVirtualenv(filepath.Dir(filepath.Dir(path)))
	if err != nil {
		return ""
	}
	return venv.Path
}
