package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/wsgi"
)

// fixFlags are the options to fix what an audit found.
type fixFlags struct {
	Diff        bool `help:"Show what --fix would change."`
	Fix         bool `help:"Write the fixes that cannot change what a working application does; then audit again and run httpd -t, and put all back on failure."`
	UnsafeFixes bool `help:"With --fix or --diff: the other fixes, too."`
}

// check refuses to write where nothing can be written.
func (f fixFlags) check(paths []string) error {
	if f.Fix && slices.Contains(paths, "-") {
		return usageError{errors.New("--fix: standard input cannot be written; --diff shows the changes")}
	}
	return nil
}

// fixRounds bounds how often fixed text is audited and fixed again: a new
// daemon process group, say, makes WSGIRestrictEmbedded On possible.
const fixRounds = 5

// resumable is true: the journal tells the next one what to put back.
func (auditCommand) resumable() bool { return true }

// fix finds fixes until none is left, and writes them as one transaction, which is
// put back if httpd refuses it. It gives the result of the last audit and the
// number of fixes.
func (c auditCommand) fix(ctx context.Context, s *streams, settings auditSettings) (result audit.Result, views []*wsgi.View, fixed int, err error) {
	release, err := s.signals.hold(c)
	if err != nil {
		return result, nil, 0, err
	}
	defer release()
	fixes, err := c.fixStore()
	var nowhere *noJournalError
	if err == nil {
		err = endInterrupted(ctx, fixes, s.tell)
	}
	if err != nil && !errors.As(err, &nowhere) {
		return result, nil, 0, err
	}
	before, err := unlessDone(ctx, func() (error, error) { return c.httpdSays(ctx, s.tell), nil })
	if err != nil {
		return result, nil, 0, err
	}
	r := newRewriting()
	result, views, fixed, err = c.makeFixes(ctx, settings, r, s.tell)
	if err != nil || fixed == 0 {
		return result, views, 0, err
	}
	if nowhere != nil {
		return result, views, 0, nowhere
	}
	err = r.write(ctx, fixes, s.tell, func() error {
		_, err := unlessDone(ctx, func() (any, error) { return nil, c.stillAccepted(ctx, before, s.tell) })
		return err
	})
	return result, views, fixed, err
}

// A fixRound is one look at the configurations that are fixed.
type fixRound struct {
	views  []*wsgi.View
	result audit.Result
}

// makeFixes looks, and takes what the fixes make of the files, in turn.
func (c auditCommand) makeFixes(ctx context.Context, settings auditSettings, r rewriting, say func(string)) (result audit.Result, views []*wsgi.View, fixed int, err error) {
	c.texts = r.texts
	for number := range fixRounds {
		if number > 0 {
			say = func(string) {} // it was said before
		}
		round, err := unlessDone(ctx, func() (fixRound, error) {
			views, err := c.look(ctx, settings, say)
			if err != nil {
				return fixRound{}, err
			}
			return fixRound{views, c.run(views, settings)}, nil
		})
		if err != nil {
			return result, views, fixed, err
		}
		if number > 0 && syntaxErrors(round.result) > syntaxErrors(result) {
			return result, views, fixed, errors.New("the fixed configuration has a new syntax error")
		}
		result, views = round.result, round.views
		files, made, err := audit.ApplyFixes(result.Findings, c.UnsafeFixes)
		if err != nil {
			return result, views, fixed, err
		}
		if len(made) == 0 {
			break
		}
		runtime.GC() // of the round before: see garbagePercent
		fixed += len(made)
		r.take(files, round.views)
	}
	return result, views, fixed, nil
}

// stillAccepted asks httpd about the fixed files.
func (c auditCommand) stillAccepted(ctx context.Context, before error, say func(string)) error {
	after := c.httpdSays(ctx, func(string) {}) // it was said before
	switch {
	case after == nil:
		return nil
	case sameRefusal(before, after):
		say(fmt.Sprintf("httpd cannot tell whether the fixes are right, since it refused the configuration before: %v", before))
		return nil
	}
	return fmt.Errorf("httpd refuses the fixed configuration: %w", after)
}

func syntaxErrors(result audit.Result) int {
	n := 0
	for _, f := range result.Findings {
		if f.Rule.ID == "WC001" {
			n++
		}
	}
	return n
}

// runDiff shows what --fix would write, and writes it nowhere.
func (c auditCommand) runDiff(ctx context.Context, s *streams, settings auditSettings) error {
	r := newRewriting()
	result, views, fixed, err := c.makeFixes(ctx, settings, r, s.tell)
	if err != nil {
		return err
	}
	tellInterrupted(views, s.tell)
	relative := seenFromHere()
	for _, path := range slices.Sorted(maps.Keys(r.before)) {
		name := relative(r.before[path].Name)
		if _, err := s.data.Write(diff.Diff("a/"+name, []byte(r.before[path].Source), "b/"+name, []byte(r.texts[path]))); err != nil {
			return err
		}
	}
	s.tell(diffEnd(result, fixed))
	if fixed > 0 && !settings.ExitZero {
		return errFindings
	}
	return exitFor(result, settings)
}

// diffEnd says how many fixes a diff shows, and what it does not show.
func diffEnd(left audit.Result, fixed int) string {
	rest := ""
	if _, unsafe := countFixes(left); unsafe > 0 {
		rest = fmt.Sprintf("; %d with --unsafe-fixes", unsafe)
	}
	switch {
	case fixed > 0:
		return plural.Count(fixed, "fix") + rest
	case rest != "":
		return "no safe fix" + rest
	case len(left.Findings) > 0:
		return "no fix for what was found (" + plural.Count(len(left.Findings), "finding") + ")"
	}
	return "nothing found, so nothing to fix"
}

// pathOf is where a file of one of the configurations is on this machine.
func pathOf(file *conf.File, views []*wsgi.View) string {
	for _, view := range views {
		if slices.Contains(view.Config.Files, file) {
			return view.Config.Path(file.Name)
		}
	}
	return file.Name
}
