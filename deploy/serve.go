package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/wsgictl/wsgictl/roll"
	"github.com/wsgictl/wsgictl/store"
)

// A switching is what the journal tells of a switch, so that another command can put it
// back: which processes had loaded what was served before.
type switching struct {
	served
	Spare []roll.Loaded `json:"spare"`
}

// serve has the link lead to a release and the processes load it, as one transaction.
func (w *work) serve(ctx context.Context, id string) error {
	last, err := w.served()
	if err != nil {
		return err
	}
	before := w.Site.Serving()
	next := served{Number: last.Number + 1, Time: time.Now().UTC().Truncate(time.Second), Release: id, Before: before}
	if next.Stack, err = w.stack(last, id, before); err != nil {
		return err
	}
	unlock, err := w.lockServer(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	release, err := w.Hold()
	if err != nil {
		return err
	}
	defer release()
	return w.carry(ctx, next)
}

// stack are the releases to which one can go back: what was served before on top, and
// without what is gone back from.
func (w *work) stack(last served, id, before string) ([]string, error) {
	all, err := w.releases()
	if err != nil {
		return nil, err
	}
	stack := last.Stack
	if i := slices.Index(stack, id); i >= 0 {
		stack = stack[i+1:]
	} else if before != "" {
		stack = append([]string{before}, stack...)
	}
	is := func(id string) bool {
		return slices.ContainsFunc(all, func(m made) bool { return m.ID == id && m.Whole })
	}
	return slices.DeleteFunc(slices.Clone(stack), func(id string) bool { return !is(id) }), nil
}

// lockServer keeps others from changing the Apache, or its processes.
func (w *work) lockServer(ctx context.Context) (unlock func(), err error) {
	if !w.runs {
		return func() {}, nil
	}
	return w.server.Lock(ctx, w.Release, func(holder string) { w.Tell("waiting for the lock of Apache, " + holder) })
}

func (w *work) carry(ctx context.Context, next served) error {
	link := w.Site.Current()
	before, err := store.ReadConfined(link)
	switch {
	case err != nil:
		return err
	case before.Kind != store.Absent && before.Kind != store.Link:
		return fmt.Errorf("%s is %s, where the link to the release belongs: move it away", link, before)
	}
	var spare []roll.Loaded
	if w.group != nil {
		spare = w.group.Loaded(w.server.Process)
	}
	value := switching{next, spare}
	w.Tell("switch to " + next.Release)
	return w.store.Carry(store.Transaction{
		What: "deploy of " + next.Release, Record: servedName(next.Number), Value: value, Confined: true,
		Changes: []store.Change{{Path: link, Before: before, After: store.NewLink(filepath.Join("releases", next.Release))}},
	}, func() error { return w.take(ctx, next.Release) }, func() error { return w.putBack(ctx, value) })
}

// take has all processes load what the link leads to, and runs the commands after.
func (w *work) take(ctx context.Context, id string) error {
	if w.group != nil {
		w.Tell("replace the processes")
		switch err := w.roll().Run(ctx); {
		case errors.Is(err, roll.ErrNoneRun):
		case err != nil:
			return w.failed(err)
		}
	}
	if len(w.Site.After) > 0 {
		w.Tell("run the commands after")
	}
	return w.runAll(ctx, w.Site.dir(id), w.Site.After)
}

// failed tells of a process that did not come up with what it has said.
func (w *work) failed(err error) error {
	if notReady := (*roll.NotReady)(nil); errors.As(err, &notReady) {
		return &Failure{Step: "replace the processes", Log: notReady.Log, Err: err}
	}
	return fmt.Errorf("replace the processes: %w", err)
}

// putBack replaces the processes that may have loaded what is served no longer. The link
// leads back already: one that starts by itself loads what was served before.
func (w *work) putBack(ctx context.Context, s switching) error {
	if w.group == nil || s.Before == "" {
		return nil
	}
	w.Tell("back to " + s.Before)
	r := w.roll()
	r.Spare = s.Spare
	if err := r.Run(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, roll.ErrNoneRun) {
		return w.failed(err)
	}
	return nil
}

// recover settles a switch that was interrupted.
func (w *work) recover(ctx context.Context) error {
	pending, err := w.store.Pending()
	if err != nil || pending == nil {
		return err
	}
	var s switching
	if err := json.Unmarshal(pending.Value, &s); err != nil {
		return fmt.Errorf("read what was interrupted: %w", err)
	}
	unlock, err := w.lockServer(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	done, err := w.store.Recover(func() error { return w.putBack(ctx, s) })
	if err != nil {
		return err
	}
	w.Tell(done)
	return nil
}

// Back has a site serve a release again: the one that is named, else the one that was
// served before.
func (d Deploy) Back(ctx context.Context, id string) (Result, error) {
	w, err := d.begin(ctx)
	if err != nil {
		return Result{}, err
	}
	defer w.unlock()
	if id, err = w.whichBack(id); err != nil {
		return Result{}, err
	}
	if err := w.checkRoll(ctx); err != nil {
		return Result{}, err
	}
	w.Tell("load the application of " + id)
	if err := w.load(ctx, w.Site.dir(id)); err != nil {
		return Result{}, err
	}
	if err := w.serve(ctx, id); err != nil {
		return Result{}, err
	}
	return w.result(ctx, id)
}

func (w *work) whichBack(id string) (string, error) {
	last, err := w.served()
	if err != nil {
		return "", err
	}
	all, err := w.releases()
	if err != nil {
		return "", err
	}
	is := func(id string) bool { return slices.ContainsFunc(all, func(m made) bool { return m.ID == id }) }
	switch serving := w.Site.Serving(); {
	case id == "" && len(last.Stack) > 0 && is(last.Stack[0]):
		return last.Stack[0], nil
	case id == "":
		return "", fmt.Errorf("there is no release before %s to go back to; \"wsgictl deploy --list %s\" tells those that are there", serving, w.Site.Name)
	case !is(id):
		return "", fmt.Errorf("no release %s; \"wsgictl deploy --list %s\" tells those that are there", id, w.Site.Name)
	case id == serving:
		return "", fmt.Errorf("%s is served already", id)
	}
	return id, nil
}
