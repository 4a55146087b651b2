package system

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A Manager plans changes of one Apache and carries them out.
type Manager struct {
	*Apache
	Store  *Store
	Limit  time.Duration // for the sites to answer
	Start  bool          // Apache, where it does not run
	Report func(string)  // told what is done, in a few words
}

// ErrNotRunning says that the result could not be seen.
var ErrNotRunning = errors.New("Apache does not run, so that nobody can see whether the sites are served: start it, or let --start do so")

// Apply carries out a plan that has been checked in a staged copy: all of it,
// and Apache serves by it, or nothing, and Apache serves as before.
func (m Manager) Apply(ctx context.Context, plan *Plan) error {
	running := m.RunningPID() != 0
	if !running && !m.Start {
		return ErrNotRunning
	}
	if err := errors.Join(plan.checkFolders(), plan.checkPorts()); err != nil {
		return fmt.Errorf("%w; nothing was changed", err)
	}
	verify := func() error { return m.verify(ctx, plan, running) }
	// What was there before has to come back even when the user has given up.
	reload := func() error { return m.reload(context.WithoutCancel(ctx), plan.Before, running) }
	return m.Store.Carry(plan.Changes, plan.Next, verify, reload)
}

// verify lets Apache take up what was written, and sees that it serves it.
func (m Manager) verify(ctx context.Context, plan *Plan, running bool) error {
	if err := m.ConfigTest(ctx); err != nil {
		return err
	}
	if running {
		m.Report("reload Apache")
		if err := m.Graceful(ctx); err != nil {
			return err
		}
	} else {
		m.Report("start Apache")
		if err := m.Apache.Start(ctx); err != nil {
			return err
		}
	}
	m.Report("ask the sites")
	if err := m.Health(ctx, plan.Next, m.Limit); err != nil {
		return err
	}
	if m.RunningPID() == 0 {
		return errors.New("Apache ended when it took the configuration up; its error log says why")
	}
	return nil
}

// reload lets Apache serve again by what was put back.
func (m Manager) reload(ctx context.Context, before Generation, running bool) error {
	switch now := m.RunningPID() != 0; {
	case !running && now:
		return m.Stop(ctx)
	case !running:
		return nil
	case !now: // it ended by what it was given
		m.Report("start Apache again")
		if err := m.Apache.Start(ctx); err != nil {
			return err
		}
	default:
		m.Report("reload Apache")
		if err := m.Graceful(ctx); err != nil {
			return err
		}
	}
	if err := m.Health(ctx, before, m.Limit); err != nil {
		return fmt.Errorf("all is as before, but not all sites answer: %w", err)
	}
	return nil
}

// Recover ends an interrupted transaction; see Store.Recover.
func (m Manager) Recover(ctx context.Context) (string, error) {
	current, err := m.Store.Current()
	if err != nil {
		return "", err
	}
	return m.Store.Recover(func() error {
		if m.RunningPID() == 0 {
			return nil
		}
		return m.reload(ctx, current, true)
	})
}
