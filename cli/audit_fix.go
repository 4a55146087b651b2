package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/audit/fix"
	"github.com/wsgictl/wsgictl/audit/subject"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/wsgi"
)

// fixFlags are the options to fix what an audit found.
type fixFlags struct {
	Diff        bool `help:"Show what --fix would change."`
	Fix         bool `help:"Write the fixes that cannot change what a working application does, unless they make a new error; then run httpd -t, and put all back where it refuses them."`
	UnsafeFixes bool `help:"With --fix or --diff: the other fixes, too."`
}

// check refuses to write where nothing can be written.
func (f fixFlags) check(paths []string) error {
	if f.Fix && slices.Contains(paths, "-") {
		return usageError{errors.New("--fix: standard input cannot be written; --diff shows the changes")}
	}
	return nil
}

// resumable is true: the journal tells the next one what to put back.
func (auditCommand) resumable() bool { return true }

// runFix writes fixes, and tells what is left.
func (c auditCommand) runFix(ctx context.Context, s *streams, settings auditSettings, about subject.Subject) error {
	release, err := s.signals.hold(c)
	if err != nil {
		return err
	}
	defer release()
	proposal, err := c.fixRequest(settings, about).Write(ctx)
	if err != nil {
		return err
	}
	if err := c.write(s, proposal.Result, proposal.Views); err != nil {
		return err
	}
	fmt.Fprintf(s.stderr, "wsgictl: %s written%s\n", plural.Count(proposal.Fixes, "fix"), appeared(proposal))
	return exitFor(proposal.Result, settings)
}

// runDiff shows what --fix would write, and writes it nowhere.
func (c auditCommand) runDiff(ctx context.Context, s *streams, settings auditSettings, about subject.Subject) error {
	proposal, err := c.fixRequest(settings, about).Propose(ctx)
	if err != nil {
		return err
	}
	fix.TellInterrupted(proposal.Views, s.tell)
	relative := seenFromHere()
	for _, file := range proposal.Files() {
		name := relative(file.Name)
		if _, err := s.data.Write(diff.Diff("a/"+name, []byte(file.Before), "b/"+name, []byte(file.After))); err != nil {
			return err
		}
	}
	s.tell(diffEnd(proposal.Result, proposal.Fixes) + appeared(proposal))
	if proposal.Fixes > 0 && !settings.ExitZero {
		return errFindings
	}
	return exitFor(proposal.Result, settings)
}

// appeared says what is found after the fixes alone.
func appeared(proposal fix.Proposal) string {
	if rules := proposal.Appeared(); rules != "" {
		return "; found only after that: " + rules
	}
	return ""
}

func (c auditCommand) fixRequest(settings auditSettings, about subject.Subject) fix.Request {
	return fix.Request{
		Subject: about,
		Audit:   func(views []*wsgi.View) audit.Result { return c.run(views, settings) },
		Unsafe:  c.UnsafeFixes,
		Release: currentBuild().Version,
	}
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
