package intent

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// FileName is the declaration's in a project's folder.
const FileName = "wsgictl.toml"

// RootsFolder is where root keeps declarations of projects whose folders are
// others'.
func RootsFolder() string {
	if runtime.GOOS == "linux" {
		return "/etc/wsgictl"
	}
	return "/usr/local/etc/wsgictl"
}

// DefaultFile is the declaration of the project in the current folder. As root in a
// folder that others can change it is one that root keeps, unless theirs is the only
// one.
func DefaultFile() string {
	folder, err := currentFolder()
	if err != nil || !isUntrusted(trust.Deciders().Check(folder)) {
		return FileName
	}
	kept := rootsFile(folder)
	if !IsThere(kept) && IsThere(FileName) {
		return FileName
	}
	return kept
}

// currentFolder has one name, by whatever links it was gone to.
func currentFolder() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(folder)
}

// IsThere tells whether anything stands at a path, be it a link that leads nowhere.
func IsThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// rootsFile is where root keeps the declaration of a project in a folder that others
// can change: one name for each folder, so that a dash in one is none between two.
func rootsFile(folder string) string {
	name := strings.NewReplacer("%", "%25", "-", "%2D", "/", "-").Replace(strings.Trim(folder, "/"))
	return filepath.Join(RootsFolder(), name+".toml")
}

// keptFiles names those that root keeps, for who has forgotten where.
func keptFiles() string {
	kept, err := filepath.Glob(filepath.Join(RootsFolder(), "*.toml"))
	if err != nil || len(kept) == 0 {
		return ""
	}
	return ", such as " + strings.Join(kept, ", ")
}

// Wrote says which declaration was written, and why it is not in the project.
func Wrote(file string) string {
	if filepath.Dir(file) == RootsFolder() {
		return fmt.Sprintf("Wrote %s, where root alone can change what Apache does as root: others can change this folder.", file)
	}
	return fmt.Sprintf("Wrote %s.", file)
}

// projectOf is the folder of the project that a declaration is of: its own, or
// the current one where root keeps the declaration apart.
func projectOf(file string) (string, error) {
	folder, err := filepath.Abs(filepath.Dir(file))
	if err == nil && folder == RootsFolder() {
		return currentFolder()
	}
	return folder, err
}

// Write writes a declaration that is not there yet, into a folder that only root and
// the accounts named can change; else the error wraps a [*trust.Untrusted].
func Write(path, text string, trusted []string) error {
	folder, err := openToWrite(filepath.Dir(path), trusted)
	if isUntrusted(err) {
		return fmt.Errorf("the declaration says what Apache does as root, and root alone does not decide about it there: %w; name another place with --file, such as %s%s",
			err, rootsFile(filepath.Dir(path)), trust.AtOwnRisk(err))
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	beside := ".wsgictl-" + rand.Text()[:8]
	file, err := folder.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Remove(beside) }()
	_, err = file.WriteString(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return folder.Link(beside, filepath.Base(path))
}

// openToWrite holds the folder open, which is made where it is root's for
// declarations.
func openToWrite(folder string, trusted []string) (*os.Root, error) {
	deciders, err := trust.Deciders().And(trusted...)
	if err != nil {
		return nil, err
	}
	if folder == RootsFolder() {
		made, _, err := deciders.MakeFolder(folder, 0o755)
		return made, err
	}
	return deciders.OpenRoot(folder)
}

// ThereAlready is about a declaration that was to be written and is there: it stays.
// Root is not told to edit one that others can change, which would not count:
// then the error wraps a [*trust.Untrusted].
func ThereAlready(name string, trusted []string) error {
	path, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	deciders, err := trust.Deciders().And(trusted...)
	if err != nil {
		return err
	}
	if err := deciders.Check(path); isUntrusted(err) {
		return foreign(path, err)
	}
	return fmt.Errorf("%s is there already: change it with an editor, or name another with --file", name)
}
