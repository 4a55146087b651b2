package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/trust"
)

// end ends a command by how its change went: what it made for it stays, or is
// undone. The error is the one given, and says what could not be undone.
func (o *opened) end(ctx context.Context, failed error) error {
	if failed == nil {
		return o.Store.KeepMade()
	}
	undone, err := o.undoMade(ctx)
	if undone != "" {
		o.Report("Undone, since it was made for this: " + undone + ".")
	}
	return errors.Join(failed, err)
}

// undoMade undoes what a command made whose change did not hold, the last of it
// first, and gives what that was. What cannot be undone is named in the error,
// with the command that does it, and left.
func (o *opened) undoMade(ctx context.Context) (undone string, err error) {
	made, err := o.Store.Unfinished()
	if err != nil {
		return "", err
	}
	ctx = context.WithoutCancel(ctx) // also when the user has given up
	var done []string
	var left []error
	for i := len(made) - 1; i >= 0; i-- {
		if err := undo(ctx, made[i]); err != nil {
			left = append(left, fmt.Errorf("%s stays: %w; to take it away: %s", nameOf(made[i]), err, undoCommand(made[i])))
		} else {
			done = append(done, nameOf(made[i]))
		}
	}
	return strings.Join(done, ", "), errors.Join(append(left, o.Store.KeepMade())...)
}

func undo(ctx context.Context, made system.Made) error {
	switch made.Kind {
	case system.MadeAccount:
		return system.RemoveAccount(ctx, made)
	case system.MadeModule:
		return removeModule(ctx, made)
	case system.MadeKept:
		return removeOwn(made.Name, func([]byte) error { return nil })
	case system.MadeDeclaration:
		return removeDeclaration(made)
	}
	return fmt.Errorf("this wsgictl knows no %q", made.Kind)
}

func nameOf(made system.Made) string {
	switch made.Kind {
	case system.MadeAccount:
		return "the account " + made.Name
	case system.MadeModule:
		return "mod_wsgi in " + made.Name
	}
	return made.Name
}

// newKept is a module that root is about to keep. Its name has a digest, so that
// another one has another name.
func newKept(path string) system.Made { return system.Made{Kind: system.MadeKept, Name: path} }

// undoCommand is the command that undoes it by hand.
func undoCommand(made system.Made) string {
	switch made.Kind {
	case system.MadeAccount:
		return system.RemovalOf(made.Name)
	case system.MadeModule:
		return "pip --python " + made.Name + " uninstall mod_wsgi"
	}
	return "rm " + made.Name
}

// keepsDjangoApp marks a virtualenv that had the package wsgictl_django before.
const keepsDjangoApp = "wsgictl_django was there"

func newModule(venv detect.Virtualenv) system.Made {
	made := system.Made{Kind: system.MadeModule, Name: venv.Path}
	if express.HasDjangoApp(venv) {
		made.Mark = keepsDjangoApp
	}
	return made
}

func removeModule(ctx context.Context, made system.Made) error {
	venv, err := detect.ReadVirtualenv(made.Name)
	if err != nil {
		return err
	}
	if venv.Foreign() {
		return fmt.Errorf("others can change it meanwhile (%s)", venv.OthersCanChange)
	}
	if err := installer.Remove(ctx, &venv); err != nil {
		return err
	}
	if made.Mark == keepsDjangoApp {
		return nil
	}
	return express.RemoveDjangoApp(venv)
}

func newDeclaration(path, text string) system.Made {
	return system.Made{Kind: system.MadeDeclaration, Name: path, Mark: digestOf([]byte(text))}
}

// removeDeclaration removes the file as it was written; one that somebody has
// edited since is theirs.
func removeDeclaration(made system.Made) error {
	return removeOwn(made.Name, func(text []byte) error {
		if digestOf(text) != made.Mark {
			return errors.New("it was edited")
		}
		return nil
	})
}

// removeOwn removes a file, if it is there, from a folder that root alone can
// change, unless a check of its content fails.
func removeOwn(path string, check func(content []byte) error) error {
	folder, err := trust.Deciders().OpenRoot(filepath.Dir(path))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	content, err := folder.ReadFile(filepath.Base(path))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = check(content)
	}
	if err != nil {
		return err
	}
	return folder.Remove(filepath.Base(path))
}

func digestOf(text []byte) string {
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:])
}
