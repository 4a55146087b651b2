package cli

import (
	"context"
	"errors"

	"github.com/wsgictl/wsgictl/system"
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
	undone, err := o.History.UndoUnfinished(ctx)
	if undone != "" {
		o.Report("Undone, since it was made for this: " + undone + ".")
	}
	return errors.Join(failed, err)
}
