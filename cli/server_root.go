package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/wsgictl/wsgictl/express"
)

// A serverRoot is what setup-server and start-server make, by either name of this
// program. Their options are those of mod_wsgi-express, which reads command lines in a
// way of its own: express.Parse does it, and kong hands all words on.
type serverRoot struct {
	verb string
	args []string
}

// resumable is false: a server root is written in moments, and while its Apache is
// waited for signals are for that.
func (serverRoot) resumable() bool { return false }

// write writes the server root.
func (r serverRoot) write(ctx context.Context, s *streams) error {
	_, _, err := r.setUp(ctx, s)
	return err
}

// start writes the server root, and waits for its Apache.
func (r serverRoot) start(ctx context.Context, s *streams) error {
	ctx, setup, err := r.setUp(ctx, s)
	if err != nil || setup == nil || !setup.Starts() {
		return err
	}
	release, err := s.signals.hold(r)
	if err != nil {
		return err
	}
	defer release()
	code, err := setup.Start(ctx)
	if err == nil && code != 0 {
		return exitError(code)
	}
	return err
}

// setUp writes the server root of the command line; nil where only help was asked for.
// The context is that of its options.
func (r serverRoot) setUp(ctx context.Context, s *streams) (context.Context, *express.Setup, error) {
	command, err := express.Parse(r.args, os.LookupEnv)
	if errors.Is(err, express.ErrHelp) {
		return ctx, nil, express.PrintHelp(s.stdout, s.program, r.verb)
	}
	if err != nil {
		return ctx, nil, usageError{fmt.Errorf("%s: %w\nRun \"%s %s --help\" for the options", r.verb, err, s.program, r.verb)}
	}
	ctx = globalFlags{Verbose: command.Verbose}.context(ctx, s)
	setup, err := r.plan(ctx, s, command)
	if err != nil {
		return ctx, nil, err
	}
	for _, note := range setup.Notes {
		fmt.Fprintln(s.stderr, note)
	}
	if err := r.writeRoot(ctx, s, setup); err != nil {
		return ctx, nil, err
	}
	if hint := setup.Noexec(); hint != "" {
		fmt.Fprintln(s.stderr, hint)
	}
	setup.Compile(ctx)
	return ctx, setup, setup.Print(s.stdout)
}

func (r serverRoot) plan(ctx context.Context, s *streams, command express.Command) (*express.Setup, error) {
	caller, err := express.CurrentCaller(r.verb)
	if err != nil {
		return nil, err
	}
	progress, done := newProgress(s.stderr)
	defer done()
	caller.Release = currentBuild().Version
	caller.Build.Say, caller.Build.Progress = func(text string) { fmt.Fprintln(s.stderr, text) }, progress
	caller.Build.Hold = func() (func(), error) { return s.signals.hold(r) }
	setup, err := express.Plan(ctx, command, caller)
	if errors.As(err, new(express.WrongUse)) {
		return nil, usageError{err}
	}
	return setup, err
}

func (r serverRoot) writeRoot(ctx context.Context, s *streams, setup *express.Setup) error {
	release, err := s.signals.hold(r)
	if err != nil {
		return err
	}
	defer release()
	return setup.Write(ctx)
}
