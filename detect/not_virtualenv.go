package detect

import (
	"fmt"
	"os"
	"path/filepath"
)

// A NotVirtualenv is a path that was named as a virtualenv and is none.
type NotVirtualenv struct {
	Path    string
	Found   string // what is there instead
	Command string // that makes one; empty where none may
	Advice  string // what to do where there is no Command, as the end of a sentence
}

func (e *NotVirtualenv) Error() string {
	if e.Command == "" {
		return e.cause() + "; " + e.Advice
	}
	return e.cause() + "; make one with: " + e.Command
}

func (e *NotVirtualenv) cause() string { return fmt.Sprintf("read virtualenv %s: %s", e.Path, e.Found) }

// noVirtualenv tells what a folder that is no virtualenv is, and what to do about
// it. No command is advised that would write among the files of something else:
// "python3 -m venv /usr" takes the system's Python away.
func (t tree) noVirtualenv(dir string) error {
	none := &NotVirtualenv{Path: dir, Found: "it holds no pyvenv.cfg, so it is not a virtualenv"}
	python := t.installedPython(dir)
	inside := filepath.Join(dir, ".venv")
	switch {
	case !t.Exists(dir):
		none.Found = "no such folder"
		none.Command = "python3 -m venv " + ShellArgument(dir)
	case isVirtualenv(t, dir):
		return nil
	case python != "":
		none.Found = "that is where " + python + " is installed, and no virtualenv"
		none.Command = ShellArgument(python) + " -m venv .venv"
	case !t.IsDir(dir):
		none.Found = "it is a file"
		none.Advice = "name the folder of a virtualenv"
	case isVirtualenv(t, inside):
		none.Advice = "name the one in it: --venv " + ShellArgument(inside)
	case t.isEmpty(dir):
		none.Command = "python3 -m venv " + ShellArgument(dir)
	default:
		none.Command = "python3 -m venv " + ShellArgument(inside)
	}
	return none
}

// installedPython is the interpreter of a Python that is installed with a folder
// as its prefix, such as /usr; empty where none is.
func (t tree) installedPython(prefix string) string {
	if len(t.Glob(prefix, "lib*/python3*/os.py")) == 0 {
		return ""
	}
	for _, name := range []string{"python3", "python"} {
		if path := filepath.Join(prefix, "bin", name); t.IsProgram(path) {
			return path
		}
	}
	return ""
}

func (t tree) isEmpty(dir string) bool {
	entries, err := os.ReadDir(t.At(dir))
	return err == nil && len(entries) == 0
}

// named is the folder that somebody means who names it, its bin folder, or a
// program there. Links are not followed: the Python of a virtualenv is one.
func (t tree) named(path string) (string, error) {
	path, err := t.Absolute(path)
	if err != nil || isVirtualenv(t, path) {
		return path, err
	}
	bin := path
	if !t.IsDir(path) {
		bin = filepath.Dir(path)
	}
	above := filepath.Dir(bin)
	if filepath.Base(bin) == "bin" && (isVirtualenv(t, above) || t.installedPython(above) != "") {
		return above, nil
	}
	return path, nil
}
