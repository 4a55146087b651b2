package system

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/intent"
)

// remember writes down what is about to be made for the change. From now on signals
// do not end the process before End has been called.
func (s *Session) remember(undo Undo) error {
	if undo.Kind != UndoDeclaration && !s.Start && s.RunningPID() == 0 {
		return ErrNotRunning // by which the change would fail, after minutes of building
	}
	if s.release == nil {
		release, err := s.request.Hold()
		if err != nil {
			return err
		}
		s.release = release
	}
	return s.History.Remember(undo)
}

// End finishes a command by how its change went: what it made for it stays, or is
// undone. The error is the one given, and says what could not be undone.
func (s *Session) End(ctx context.Context, failed error) error {
	if s.release != nil {
		defer s.release()
	}
	if failed == nil {
		return s.History.Forget()
	}
	undone, err := s.History.UndoUnfinished(ctx)
	if undone != "" {
		s.Report("Undone, since it was made for this: " + undone + ".")
	}
	return errors.Join(failed, err)
}

// Carry carries a plan out, or puts all back; signals do not end the process
// meanwhile.
func (s *Session) Carry(ctx context.Context, plan *Plan) error {
	release, err := s.request.Hold()
	if err != nil {
		return err
	}
	defer release()
	return s.Apply(ctx, plan)
}

// OpenProject is [OpenFor] for a project, whose declaration is written where there is
// none. When the command fails that is taken away again. What is wrong with the project
// is a [*RequestError].
func OpenProject(ctx context.Context, r Request, project intent.Project) (*Session, intent.Declared, error) {
	if intent.IsThere(project.File) {
		return OpenFor(ctx, r, project.File)
	}
	s, err := Open(ctx, r)
	if err != nil {
		return nil, intent.Declared{}, err
	}
	d, err := s.declareFirst(project)
	if err != nil {
		err = s.End(ctx, err)
		s.Close()
		return nil, d, err
	}
	return s, d, nil
}

func (s *Session) declareFirst(project intent.Project) (intent.Declared, error) {
	text, err := project.Text(s.request.Trust)
	if err != nil {
		return intent.Declared{}, &RequestError{err}
	}
	path, err := filepath.Abs(project.File)
	if err != nil {
		return intent.Declared{}, err
	}
	if err := s.remember(NewDeclaration(path, text)); err != nil {
		return intent.Declared{}, err
	}
	if err := intent.Write(path, text, s.request.Trust); err != nil {
		return intent.Declared{}, err
	}
	s.Report(intent.Wrote(project.File))
	d, err := intent.Read(project.File, s.request.Trust)
	if err != nil {
		return d, &RequestError{err}
	}
	return d, nil
}

// CreateAccounts creates the accounts that a declaration names and that are not
// there. When the command fails they are taken away again.
func (s *Session) CreateAccounts(ctx context.Context, d intent.Declared) error {
	missing, err := MissingAccounts(d.File)
	if err != nil {
		return err
	}
	for _, account := range missing {
		if err := s.remember(account); err != nil {
			return err
		}
		if err := CreateAccount(ctx, account); err != nil {
			return err
		}
		s.Report(fmt.Sprintf("Created the account %s.", account.Name))
	}
	return nil
}
