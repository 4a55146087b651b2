package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/roll"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// A Deploy changes what a site serves.
type Deploy struct {
	Site    Site
	Find    func() (roll.Server, error) // the Apache that serves it; one that does not run is an [installed.NotRunning]
	Release string                      // of wsgictl
	Limit   time.Duration               // that a process has to load the application

	Tell     func(text string)                  // what is done, in a few words
	Replaced func(done, of int)                 // called as processes are replaced
	Hold     func() (release func(), err error) // keeps signals from ending the process while the release is switched
}

// A Result is what was done.
type Result struct {
	Release   string   // that is served now
	Previous  string   // that was before; empty for none
	Replaced  int      // processes that serve it
	Removed   []string // releases that are no longer kept
	IsApplied bool     // Apache serves the site; else it does not know of it yet
	Runs      bool     // Apache does
}

// A Failure is something of the release itself that failed.
type Failure struct {
	Step string
	Log  []string // what it has said, at its end
	Err  error
}

func (e *Failure) Error() string { return fmt.Sprintf("%s: %v", e.Step, e.Err) }

func (e *Failure) Unwrap() error { return e.Err }

// A work is a deploy under way, with the lock of the site's folder.
type work struct {
	Deploy
	store  *store.Store
	unlock func()
	server roll.Server
	runs   bool
	group  *roll.Group // whose processes serve releases of the folder; nil where Apache does not know it yet
}

// begin takes the lock, finds the Apache, and finishes what a command that was killed has
// left.
func (d Deploy) begin(ctx context.Context) (*work, error) {
	w := &work{Deploy: d}
	if err := d.Site.makeFolder(); err != nil {
		return nil, err
	}
	var err error
	if w.store, err = d.Site.openStore(d.Release); err != nil {
		return nil, err
	}
	if w.unlock, err = w.store.Lock(ctx, func(holder string) { d.Tell("waiting for the lock, " + holder) }); err != nil {
		return nil, err
	}
	if err = w.findServer(); err == nil {
		err = w.finish(ctx)
	}
	if err != nil {
		w.unlock()
		return nil, err
	}
	return w, nil
}

// openStore opens the store of what is deployed in the folder.
func (s Site) openStore(release string) (*store.Store, error) {
	places := store.Places(s.Folder)
	i := slices.IndexFunc(places, store.CanHold)
	if i < 0 {
		return nil, fmt.Errorf("lock %s: this account can write to none of %s", s.Folder, strings.Join(places, ", "))
	}
	return store.Open(places[i], store.Options{Trusted: trust.RootAndCaller(), Release: release})
}

// findServer finds the Apache and the group that serves the releases.
func (w *work) findServer() error {
	server, err := w.Find()
	stopped := (*installed.NotRunning)(nil)
	switch {
	case errors.As(err, &stopped) && !errors.As(err, new(*trust.Untrusted)) && (stopped.PID == 0 || stopped.Ended):
		return nil
	case err != nil:
		return err
	}
	w.server, w.runs = server, true
	for _, group := range server.Groups {
		if group.Name == w.Site.Daemon.Name && group.Home == w.Site.setting("python-home", w.Site.Current()) {
			w.group = &group
		}
	}
	return nil
}

// finish puts back what a command that was killed had not finished, and removes the
// releases that it had not made whole.
func (w *work) finish(ctx context.Context) error {
	release, err := w.Hold()
	if err != nil {
		return err
	}
	defer release()
	ctx = context.WithoutCancel(ctx)
	if err := w.recover(ctx); err != nil {
		return err
	}
	all, err := w.releases()
	if err != nil {
		return err
	}
	for _, r := range all {
		if !r.Whole {
			if err := w.remove(ctx, r.ID); err != nil {
				return err
			}
			w.Tell("removed " + r.ID + ", which an interrupted deploy had left")
		}
	}
	return nil
}

// Put makes a release of a source and has it served. Where something fails, what was
// served before is served on.
func (d Deploy) Put(ctx context.Context, source *Source) (Result, error) {
	w, err := d.begin(ctx)
	if err != nil {
		return Result{}, err
	}
	defer w.unlock()
	if err := w.checkRoll(ctx); err != nil {
		return Result{}, err
	}
	ready, with, err := w.prepare(ctx, source)
	if err != nil {
		return Result{}, err
	}
	id, err := w.newID()
	if err != nil {
		return Result{}, err
	}
	err = w.make(ctx, id, ready, with)
	if err == nil {
		err = w.serve(ctx, id)
	}
	if err != nil && w.Site.Serving() == id { // it could not be put back
		return Result{}, err
	}
	if err != nil {
		return Result{}, errors.Join(err, w.remove(context.WithoutCancel(ctx), id))
	}
	return w.result(ctx, id)
}

// prepare looks at the source, before anything is changed.
func (w *work) prepare(ctx context.Context, source *Source) (checked, python, error) {
	w.Tell("look at " + source.Name)
	ready, err := source.check()
	if err != nil {
		return checked{}, python{}, err
	}
	with, err := w.findPython(ctx)
	if err == nil {
		err = w.checkPython(with, ready)
	}
	return ready, with, err
}

// checkRoll refuses a group of which requests would wait, before anything is done.
func (w *work) checkRoll(ctx context.Context) error {
	if w.group == nil {
		return nil
	}
	if err := w.roll().Check(ctx); err != nil && !errors.Is(err, roll.ErrNoneRun) {
		return fmt.Errorf("group %s: %w; \"wsgictl restart %[1]s\" says what to do", w.group.Name, err)
	}
	return nil
}

func (w *work) roll() roll.Roll {
	return roll.Roll{Server: w.server.Process, Group: *w.group, Limit: w.Limit, Tell: w.Replaced}
}

// make makes the release beside the others, and tries whether it loads.
func (w *work) make(ctx context.Context, id string, source checked, with python) error {
	made := made{ID: id, From: source.Name, Time: time.Now().UTC().Truncate(time.Second), Python: with.version}
	if err := w.note(made); err != nil {
		return err
	}
	dir := w.Site.dir(id)
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"put the code into " + dir, func() error { return w.Site.owner.put(ctx, source, dir) }},
		{"make its virtualenv", func() error { return w.build(ctx, dir, with) }},
		{"load the application", func() error { return w.load(ctx, dir) }},
		{"run the commands before", func() error { return w.runAll(ctx, dir, w.Site.Before) }},
	} {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		w.Tell(step.what)
		if err := step.do(); err != nil {
			return err
		}
	}
	unix.Sync() // before anything depends on it
	made.Whole = true
	return w.note(made)
}

// result tells what is served, and removes what is no longer kept.
func (w *work) result(ctx context.Context, id string) (Result, error) {
	result := Result{Release: id, IsApplied: w.group != nil, Runs: w.runs}
	if w.group != nil {
		result.Replaced = len(w.group.Loaded(w.server.Process))
	}
	served, err := w.served()
	if err != nil {
		return result, err
	}
	result.Previous = served.Before
	result.Removed, err = w.prune(ctx, served)
	return result, err
}
