package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/express"
)

// The options of setup-server and start-server are those of mod_wsgi-express,
// which reads command lines in a way of its own: express.Parse does it, and
// kong hands all words on.
type setupServerCommand struct {
	Args []string `arg:"" optional:"" passthrough:"" help:"Entry point and options; see wsgictl setup-server --help."`
}

// Help is the long form of the command's help.
func (setupServerCommand) Help() string {
	return `Example:
  wsgictl setup-server wsgi.py --port 80 --user www-data \
    --server-root /etc/wsgi-80`
}

// resumable is false: a server root is written in moments.
func (setupServerCommand) resumable() bool { return false }

func (c setupServerCommand) Run(ctx context.Context, s *streams) error {
	return setUpServer(ctx, s, c.Args)
}

// setUpServer writes the server root of a command line.
func setUpServer(ctx context.Context, s *streams, args []string) error {
	return withServer(ctx, s, "setup-server", args, func(context.Context, *express.Setup) error { return nil })
}

// withServer writes the server root of a command line and does something with it,
// unless only help was asked for.
func withServer(ctx context.Context, s *streams, verb string, args []string, do func(context.Context, *express.Setup) error) error {
	command, err := express.Parse(args, os.LookupEnv)
	if errors.Is(err, express.ErrHelp) {
		return express.PrintHelp(s.stdout, s.program, verb)
	}
	if err != nil {
		return usageError{fmt.Errorf("%s: %w\nRun \"%s %s --help\" for the options", verb, err, s.program, verb)}
	}
	ctx = globalFlags{Verbose: command.Verbose}.context(ctx, s)
	setup, err := setUp(ctx, s, verb, command)
	if err != nil {
		return err
	}
	return do(ctx, setup)
}

// setUp writes the server root of a command.
func setUp(ctx context.Context, s *streams, verb string, command express.Command) (*express.Setup, error) {
	caller, err := express.CurrentCaller(verb)
	if err != nil {
		return nil, err
	}
	caller.Program, caller.Executable, caller.Release = ownPath(), ownFile(), currentBuild().Version
	progress, done := newProgress(s.stderr)
	caller.Build.Say, caller.Build.Progress = func(text string) { fmt.Fprintln(s.stderr, text) }, progress
	caller.Build.Hold = func() (func(), error) { return s.signals.hold(setupServerCommand{}) }
	setup, err := express.Plan(ctx, command, caller)
	done()
	var wrong express.WrongUse
	switch {
	case errors.As(err, &wrong):
		return nil, usageError{err}
	case err != nil:
		return nil, err
	}
	for _, note := range setup.Notes {
		fmt.Fprintln(s.stderr, note)
	}
	if err := write(ctx, s, setup); err != nil {
		return nil, err
	}
	if hint := setup.Noexec(); hint != "" {
		fmt.Fprintln(s.stderr, hint)
	}
	setup.Compile(ctx)
	return setup, setup.Print(s.stdout)
}

func write(ctx context.Context, s *streams, setup *express.Setup) error {
	release, err := s.signals.hold(setupServerCommand{})
	if err != nil {
		return err
	}
	defer release()
	return setup.Write(ctx)
}

// ownFile is the file of this program; empty where the system does not tell.
func ownFile() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return path
}

// ownPath is where apachectl finds wsgictl; empty where this program has the
// name, and so the commands, of mod_wsgi-express.
func ownPath() string {
	path := ownFile()
	if filepath.Base(path) == expressName {
		return ""
	}
	return path
}
