package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/audit/fix"
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

// resumable is true: the journal tells the next one what to put back.
func (auditCommand) resumable() bool { return true }

// runFix writes fixes, and tells what is left.
func (c auditCommand) runFix(ctx context.Context, s *streams, settings auditSettings) error {
	release, err := s.signals.hold(c)
	if err != nil {
		return err
	}
	defer release()
	request := c.fixRequest(ctx, s, settings)
	if request.Folder, err = c.fixFolder(); err != nil {
		return err
	}
	proposal, err := request.Write(ctx)
	if err != nil {
		return err
	}
	if err := c.write(s, proposal.Result, proposal.Views); err != nil {
		return err
	}
	fmt.Fprintf(s.stderr, "wsgictl: %s written\n", plural.Count(proposal.Fixes, "fix"))
	return exitFor(proposal.Result, settings)
}

// runDiff shows what --fix would write, and writes it nowhere.
func (c auditCommand) runDiff(ctx context.Context, s *streams, settings auditSettings) error {
	proposal, err := c.fixRequest(ctx, s, settings).Propose()
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
	s.tell(diffEnd(proposal.Result, proposal.Fixes))
	if proposal.Fixes > 0 && !settings.ExitZero {
		return errFindings
	}
	return exitFor(proposal.Result, settings)
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

func (c auditCommand) fixRequest(ctx context.Context, s *streams, settings auditSettings) fix.Request {
	return fix.Request{
		Look: func(texts map[string]string, first bool) ([]*wsgi.View, error) {
			say := s.tell
			if !first { // it was said before
				say = func(string) {}
			}
			c.texts = texts
			return unlessDone(ctx, func() ([]*wsgi.View, error) { return c.look(ctx, settings, say) })
		},
		Audit:  func(views []*wsgi.View) audit.Result { return c.run(views, settings) },
		Unsafe: c.UnsafeFixes,
		Servers: func() ([]fix.Server, error) {
			return unlessDone(ctx, func() ([]fix.Server, error) { return c.servers(ctx) })
		},
		Release: currentBuild().Version,
		Say:     s.tell,
	}
}

// fixFolder is the server root or repository that is fixed.
func (c auditCommand) fixFolder() (string, error) {
	name := ""
	if len(c.Paths) > 0 {
		name = c.Paths[0]
	}
	folder, isRepository := c.repository(name)
	if !isRepository || name == "" {
		options := conf.Options{ServerRoot: c.ServerRoot}
		if _, err := c.locate(name, &options); err != nil {
			return "", err
		}
		folder = c.Root + options.ServerRoot
	}
	return filepath.Abs(folder)
}

// servers are those of this host whose configurations the audit is about: parts
// of a configuration, and files of other hosts, cannot be asked about.
func (c auditCommand) servers(ctx context.Context) ([]fix.Server, error) {
	if c.Root != "" {
		return nil, nil
	}
	names := c.Paths
	if len(names) == 0 {
		names = []string{""}
	}
	var servers []fix.Server
	for _, name := range names {
		config, err := c.read(ctx, name)
		if err != nil || !config.Complete || config.IsOfAnotherHost() {
			continue // what cannot be read is told by the audit itself
		}
		server, err := c.server()
		if err != nil || server == nil {
			continue // nothing here can test it
		}
		var options conf.Options
		file, err := c.locate(name, &options)
		if err != nil {
			return nil, err
		}
		start := c.start(config, server.Path)
		if start == nil {
			continue // nobody knows what it would read
		}
		servers = append(servers, fix.Server{
			Config: config, Start: start, File: file, ServerRoot: options.ServerRoot, Defines: c.Define,
			Variables: func(text string) map[string]string { return c.variables(text, nil) },
		})
	}
	return servers, nil
}
