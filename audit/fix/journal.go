package fix

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// what is the name of "audit --fix" in a journal.
const what = "audit --fix"

// openJournal opens the store that fixes of files of a folder are journaled in: for
// root that of the Apache with its server root, as "apply" has it, so that the two do
// not come into each other's way.
func openJournal(folder, release string) (*store.Store, error) {
	stores := store.Places(folder)
	for _, dir := range stores {
		if store.CanHold(dir) {
			return store.Open(dir, store.Options{Trusted: trust.RootAndCaller(), Release: release})
		}
	}
	return nil, &noJournalError{stores}
}

// A noJournalError is that of fixes which can be journaled nowhere. It is none as
// long as there is nothing to fix: such an account has left nothing behind either.
type noJournalError struct{ stores []string }

func (e *noJournalError) Error() string {
	advice := "name another one with the variable XDG_STATE_HOME"
	if os.Geteuid() == 0 {
		advice = "make it root's and writable"
	}
	return fmt.Sprintf("--fix: its journal needs a folder that this account alone can write, which %s cannot be: %s", strings.Join(e.stores, ", "), advice)
}

// endInterrupted puts back what an interrupted "audit --fix" has left.
func endInterrupted(ctx context.Context, fixes *store.Store, say func(string)) error {
	if !fixes.IsThere() {
		return nil
	}
	unlock, err := lock(ctx, fixes, say)
	if err == nil {
		unlock()
	}
	return err
}

// lock takes the lock, under which nothing is interrupted any more.
func lock(ctx context.Context, fixes *store.Store, say func(string)) (unlock func(), err error) {
	unlock, err = fixes.Lock(ctx, func(holder string) { say("waiting for the lock, " + holder) })
	if err != nil {
		return nil, err
	}
	pending, err := fixes.Pending()
	if err == nil && pending != nil && pending.What != what {
		err = fmt.Errorf("%v was interrupted: the next wsgictl apply, rollback or remove finishes it, and lets Apache know", pending)
	}
	done := ""
	if err == nil {
		done, err = fixes.Recover(nil)
	}
	if err != nil {
		unlock()
		return nil, err
	}
	if done != "" {
		say(done)
	}
	return unlock, nil
}

// TellInterrupted says, to whom audits what an interrupted "audit --fix" has left
// half fixed, which command settles that. What cannot be looked at is somebody
// else's.
func TellInterrupted(views []*wsgi.View, say func(string)) {
	var folders []string
	for _, view := range views {
		folders = append(folders, filepath.Dir(view.Config.Path(view.Config.Files[0].Name)))
	}
	for _, dir := range store.Journaled(folders) {
		fixes, err := store.Open(dir, store.Options{Trusted: trust.RootAndCaller()})
		if err != nil {
			continue
		}
		if pending, err := interruptedFix(fixes); err == nil && pending != nil && isAbout(pending, views) {
			say(fmt.Sprintf("%v was interrupted: the next wsgictl audit --fix puts back first what was there before", pending))
		}
	}
}

// interruptedFix is the journal of an "audit --fix" that nobody goes on with; nil for
// none.
func interruptedFix(fixes *store.Store) (*store.Journal, error) {
	holder, err := fixes.Holder()
	if err != nil || holder != "" {
		return nil, err
	}
	pending, err := fixes.Pending()
	if err != nil || pending == nil || pending.What != what {
		return nil, err
	}
	return pending, nil
}

// isAbout tells whether a journal changes files that are looked at.
func isAbout(pending *store.Journal, views []*wsgi.View) bool {
	return slices.ContainsFunc(pending.Changes, func(c store.Change) bool {
		return slices.ContainsFunc(views, func(view *wsgi.View) bool { return view.Config.HasRead(c.Path) })
	})
}
