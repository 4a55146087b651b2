package system

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// A Manager plans changes of one Apache and carries them out.
type Manager struct {
	*Apache
	History History
	Live    *conf.Config  // the configuration in force, where it was read; a plan reads it else
	Limit   time.Duration // for the sites to answer
	Start   bool          // Apache, where it does not run
	Report  func(string)  // told what is done, in a few words
}

// live is the configuration in force before anything is changed.
func (m Manager) live() (*conf.Config, error) {
	if m.Live != nil {
		return m.Live, nil
	}
	return m.Read()
}

// ErrNotRunning says that the result could not be seen.
var ErrNotRunning = errors.New("Apache does not run, so that nobody can see whether the sites are served: start it, or let --start do so")

// Apply carries out a plan that has been checked in a staged copy: all of it,
// and Apache serves by it, or nothing, and Apache serves as before. Of one that does
// not run, and is not to be started, the error is [ErrNotRunning].
func (m Manager) Apply(ctx context.Context, plan *Plan) error {
	if len(plan.Changes) == 0 { // of which Apache sees nothing
		nothing := func() error { return nil }
		return m.History.Carry(nil, plan.Next, nothing, nothing)
	}
	running := m.RunningPID() != 0
	if !running && !m.Start {
		return ErrNotRunning
	}
	if err := m.Preflight(plan); err != nil {
		return fmt.Errorf("%w; nothing was changed", err)
	}
	expected := m.expected(ctx, plan, running)
	if ctx.Err() != nil {
		return errors.New("nothing was changed")
	}
	twice, err := m.startsManaging(plan, running)
	if err != nil {
		return fmt.Errorf("%w; nothing was changed", err)
	}
	verify := func() error {
		err := m.verify(ctx, plan, expected, running)
		if err == nil && twice {
			err = m.reloadFor(ctx, expected)
		}
		return plan.blame(err)
	}
	// What was there before has to come back even when the user has given up.
	reload := func() error { return m.reload(context.WithoutCancel(ctx), plan.Before, running) }
	return m.History.Carry(plan.Changes, plan.Next, verify, reload)
}

// verify lets Apache take up what was written, and sees that it serves it.
func (m Manager) verify(ctx context.Context, plan *Plan, expected Generation, running bool) error {
	if err := withTest(m.checkFiles(plan.whose), m.ConfigTest(ctx)); err != nil {
		return err
	}
	if running {
		m.Report("reload Apache")
		if err := m.graceful(ctx); err != nil {
			return err
		}
	} else {
		m.Report("start Apache")
		if err := m.Apache.Start(ctx); err != nil {
			return err
		}
	}
	m.Report("ask the sites")
	if err := m.Health(ctx, expected, m.Limit); err != nil {
		return err
	}
	if m.RunningPID() == 0 {
		return m.stopped()
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
	case !now: // it stopped by what it was given
		m.Report("start Apache again")
		if err := m.Apache.Start(ctx); err != nil {
			return err
		}
	default:
		if err := m.checkFiles(before.whose); err != nil {
			m.Report(fmt.Sprintf("Apache is not reloaded, and goes on as it runs: by the files that were put back it would exit: %v", err))
			return nil
		}
		m.Report("reload Apache")
		if err := m.graceful(ctx); err != nil {
			return err
		}
	}
	if err := m.Health(ctx, before, m.Limit); err != nil {
		m.Report(fmt.Sprintf("all is as before, but not all sites answer: %v", err))
	}
	return nil
}

// expected is the plan's generation with those sites that have to answer. One of
// others that did not answer before, or whose files a person changed since, is not
// the plan's fault.
func (m Manager) expected(ctx context.Context, plan *Plan, running bool) Generation {
	expected, before := plan.Next, Generation{Mark: plan.Before.Mark, Sites: map[string]Site{}}
	expected.Sites = map[string]Site{}
	for _, name := range slices.Sorted(maps.Keys(plan.Next.Sites)) {
		site := plan.Next.Sites[name]
		if path, disturbed := plan.disturbed[name]; disturbed {
			m.reportDisturbed(name, site, path)
			continue
		}
		about := !slices.Contains(plan.others, name)
		if !running && !about {
			continue
		}
		expected.Sites[name] = site
		if was, known := plan.Before.Sites[name]; known && running && (!about || plan.Next.isRollback()) {
			before.Sites[name] = was
		}
	}
	troubles, err := m.Ask(ctx, before)
	for _, name := range slices.Sorted(maps.Keys(before.Sites)) {
		if trouble := errors.Join(err, troubles[name]); trouble != nil {
			m.Report(fmt.Sprintf("did not answer before either, and is not waited for: %v", trouble))
			delete(expected.Sites, name)
		}
	}
	return expected
}

// reportDisturbed says why a site of others is not waited for.
func (m Manager) reportDisturbed(name string, site Site, path string) {
	became := "was modified"
	if !isThere(path) {
		became = "is gone"
	}
	m.Report(fmt.Sprintf("site %s of %s is not waited for: %s %s since it was applied, and Apache serves what is there from this reload on", name, site.File, path, became))
}

// Recover finishes an interrupted transaction, or puts it back; see [store.Store.Recover].
func (m Manager) Recover(ctx context.Context) (string, error) {
	current, err := m.History.Current()
	if err != nil {
		return "", err
	}
	return m.History.Recover(func() error {
		if m.RunningPID() == 0 {
			return nil
		}
		if err := m.refuseLive(); err != nil {
			m.Report(fmt.Sprintf("Apache is not reloaded, so that it still uses what the interrupted command had written: %v", err))
			return nil
		}
		return m.reload(ctx, current, true)
	})
}

// refuseLive looks at the configuration in force as at a result, with those also
// trusted who were for the interrupted command.
func (m Manager) refuseLive() error {
	pending, err := m.History.Pending()
	if err != nil {
		return err
	}
	config, err := m.Read()
	if err != nil {
		return err
	}
	apache := *m.Apache
	var next Generation
	if pending != nil && json.Unmarshal(pending.Value, &next) == nil {
		if trusted, err := apache.trusted.And(next.Trusts("")...); err == nil {
			apache.trusted = trusted
		}
	}
	live := apache.view(config, nil)
	return apache.refuseExposed(live, live)
}
