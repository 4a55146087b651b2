package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/trust"
)

const declarationName = "wsgictl.toml"

// defaultDeclaration is the file of the project in the current folder. As root
// in a folder that others can change it is one that root keeps, unless theirs is
// the only one.
func defaultDeclaration() string {
	folder, err := currentFolder()
	if err != nil || !isForeign(folder) {
		return declarationName
	}
	kept := rootsDeclaration(folder)
	if !isThere(kept) && isThere(declarationName) {
		return declarationName
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

// isForeign tells whether root looks at something that others can change.
func isForeign(path string) bool { return isUntrusted(trust.Deciders().Check(path)) }

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// rootsDeclaration is where root keeps the declaration of a project in a folder
// that others can change: one name for each folder, so that a dash in one is
// none between two.
func rootsDeclaration(folder string) string {
	name := strings.NewReplacer("%", "%25", "-", "%2D", "/", "-").Replace(strings.Trim(folder, "/"))
	return filepath.Join(system.DeclarationFolder(), name+".toml")
}

// written says which declaration was written, and why it is not in the project.
func written(file string) string {
	if filepath.Dir(file) == system.DeclarationFolder() {
		return fmt.Sprintf("Wrote %s, where root alone can change what Apache does as root: others can change this folder.", file)
	}
	return fmt.Sprintf("Wrote %s.", file)
}

// projectOf is the folder of the project that a declaration is of: its own, or
// the current one where root keeps the declaration apart.
func projectOf(file string) (string, error) {
	folder, err := filepath.Abs(filepath.Dir(file))
	if err == nil && folder == system.DeclarationFolder() {
		return currentFolder()
	}
	return folder, err
}

// writeDeclaration writes a file that is not there yet, into a folder that only
// root and the accounts named can change.
func writeDeclaration(path, text string, trusted []string) error {
	folder, err := openToDeclare(filepath.Dir(path), trusted)
	if isUntrusted(err) {
		return foreignPlace(path, err)
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

// openToDeclare holds the folder open, which is made where it is root's for
// declarations.
func openToDeclare(folder string, trusted []string) (*os.Root, error) {
	deciders, err := trust.Deciders().And(trusted...)
	if err != nil {
		return nil, usageError{err}
	}
	if folder == system.DeclarationFolder() {
		made, _, err := deciders.MakeFolder(folder, 0o755)
		return made, err
	}
	return deciders.OpenRoot(folder)
}

func foreignPlace(path string, err error) error {
	return fmt.Errorf("the declaration says what Apache does as root, and root alone does not decide about it there: %w; name another place with --file, such as %s%s",
		err, rootsDeclaration(filepath.Dir(path)), trust.AtOwnRisk(err))
}
