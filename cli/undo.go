package cli

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

// remember writes down what is about to be made for the change. From now on signals
// do not end the process before end has been called.
func (o *opened) remember(made system.Undo) error {
	if made.Kind != system.UndoDeclaration && !o.Start && o.RunningPID() == 0 {
		return system.ErrNotRunning // by which the change would fail, after minutes of building
	}
	if o.release == nil {
		release, err := o.hold()
		if err != nil {
			return err
		}
		o.release = release
	}
	return o.History.Remember(made)
}

// end ends a command by how its change went: what it made for it stays, or is
// undone. The error is the one given, and says what could not be undone.
func (o *opened) end(ctx context.Context, failed error) error {
	if o.release != nil {
		defer o.release()
	}
	if failed == nil {
		return o.History.Forget()
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
	made, err := o.History.Unfinished()
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
	return strings.Join(done, ", "), errors.Join(append(left, o.History.Forget())...)
}

func undo(ctx context.Context, made system.Undo) error {
	switch made.Kind {
	case system.UndoAccount:
		return system.RemoveAccount(ctx, made)
	case system.UndoModule:
		return removeModule(ctx, made)
	case system.UndoKept, system.UndoDeclaration:
		return removeOwn(made)
	}
	return fmt.Errorf("this wsgictl knows no %q", made.Kind)
}

func nameOf(made system.Undo) string {
	switch made.Kind {
	case system.UndoAccount:
		return "the account " + made.Name
	case system.UndoModule:
		return "mod_wsgi in " + made.Name
	}
	return made.Name
}

// newKept is a module that root is about to keep. Its name has a digest, so that
// another one has another name.
func newKept(path string) system.Undo { return system.Undo{Kind: system.UndoKept, Name: path} }

// undoCommand is the command that undoes it by hand.
func undoCommand(made system.Undo) string {
	switch made.Kind {
	case system.UndoAccount:
		return system.RemovalOf(made.Name)
	case system.UndoModule:
		return "pip --python " + detect.ShellArgument(made.Name) + " uninstall mod_wsgi"
	}
	return "rm " + detect.ShellArgument(made.Name)
}

// keepsDjangoApp marks a virtualenv that had the package wsgictl_django before.
const keepsDjangoApp = "wsgictl_django was there"

func newModule(venv detect.Virtualenv) system.Undo {
	made := system.Undo{Kind: system.UndoModule, Name: venv.Path}
	if express.HasDjangoApp(venv) {
		made.Mark = keepsDjangoApp
	}
	return made
}

func removeModule(ctx context.Context, made system.Undo) error {
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

func newDeclaration(path, text string) system.Undo {
	return system.Undo{Kind: system.UndoDeclaration, Name: path, Mark: digestOf([]byte(text))}
}

// removeOwn removes a file as it was written, from a folder that root alone can
// change; one that somebody has edited since is theirs.
func removeOwn(made system.Undo) error {
	if !isThere(made.Name) { // whoever's the folder is where it was to be
		return nil
	}
	folder, err := trust.Deciders().OpenRoot(filepath.Dir(made.Name))
	if err != nil {
		return err
	}
	defer folder.Close()
	content, err := folder.ReadFile(filepath.Base(made.Name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && made.Mark != "" && digestOf(content) != made.Mark {
		err = errors.New("it was edited")
	}
	if err != nil {
		return err
	}
	return folder.Remove(filepath.Base(made.Name))
}

func digestOf(text []byte) string {
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:])
}
