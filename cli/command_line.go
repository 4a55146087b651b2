// Package cli is the command line of wsgictl: one file a command, flags to calls,
// results to output.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/deploy"
	"github.com/wsgictl/wsgictl/trust"
)

// Exit codes, the same for every command.
const (
	exitFine     = 0
	exitFindings = 1 // findings, or a failed operation
	exitUsage    = 2 // wrong use, or input that is not what it should be
	exitPending  = 3 // of plan: there are changes to be made
)

// commandLine is what kong reads. Each command is one file of this folder.
type commandLine struct {
	Detect         detectCommand         `cmd:"" group:"module" help:"Find Apache, Python and mod_wsgi, and what stands in the way."`
	InstallModule  installModuleCommand  `cmd:"" group:"module" help:"Build mod_wsgi and install it into a virtualenv."`
	ModuleConfig   moduleConfigCommand   `cmd:"" group:"module" help:"Print the lines with which Apache loads the module."`
	ModuleLocation moduleLocationCommand `cmd:"" group:"module" help:"Print the path of the module."`
	Render         renderCommand         `cmd:"" group:"config" help:"Print Apache configuration that runs an application in daemon mode."`

	Bootstrap bootstrapCommand `cmd:"" group:"system" help:"From a host with Apache and a virtualenv to a site that is served."`
	Init      initCommand      `cmd:"" group:"system" help:"Write a wsgictl.toml for the current folder."`
	Plan      planCommand      `cmd:"" group:"system" help:"Show what apply would change."`
	Apply     applyCommand     `cmd:"" group:"system" help:"Make the system's Apache serve what wsgictl.toml declares, or change nothing."`
	Deploy    deployCommand    `cmd:"" group:"system" help:"Put a new release of a site's code live, or go back to a former one."`
	Status    statusCommand    `cmd:"" group:"system" help:"Compare what was applied with the files and the running server."`
	Remove    removeCommand    `cmd:"" group:"system" help:"Take a site away."`
	Rollback  rollbackCommand  `cmd:"" group:"system" help:"Go back to what was applied before."`
	History   historyCommand   `cmd:"" group:"system" help:"List what was applied."`

	Effective effectiveCommand `cmd:"" group:"audit" help:"Print the configuration that a server would use."`
	Explain   explainCommand   `cmd:"" group:"audit" help:"Explain the messages of an error log, or one code."`

	SetupServer     setupServerCommand     `cmd:"" passthrough:"" group:"server" help:"Write a server root: one Apache that serves one application."`
	StartServer     startServerCommand     `cmd:"" passthrough:"" group:"server" help:"The same, and run it in the foreground."`
	GracefulRestart gracefulRestartCommand `cmd:"" hidden:"" group:"server" help:"Have the Apache of a server root read its configuration anew."`
	Restart         restartCommand         `cmd:"" group:"server" help:"Have daemon processes load their applications anew, one after the other."`
	ReadyScript     readyScriptCommand     `cmd:"" name:"ready-script" group:"server" help:"Print the Python file by which a process says that its applications are loaded."`
	TelemetryScript telemetryScriptCommand `cmd:"" name:"telemetry-script" group:"server" help:"Print the Python file by which processes tell the monitor what they do."`
	Monitor         monitorCommand         `cmd:"" group:"server" help:"Show what running daemon process groups do: a page, and figures for Prometheus."`
	Top             topCommand             `cmd:"" group:"server" help:"The same in a terminal: groups, processes, requests at hand, and where they are."`
	Stuck           stuckCommand           `cmd:"" group:"server" help:"Say which requests hang, and in which line."`
	Recordings      recordingsCommand      `cmd:"" group:"server" help:"List and show the requests that a server has recorded."`

	Audit auditCommand `cmd:"" group:"audit" help:"Tell which WSGI applications run embedded, and what else is wrong."`
	Rules rulesCommand `cmd:"" group:"audit" help:"List the rules of audit, or explain one."`

	Completion completionCommand `cmd:"" group:"about" help:"Print the lines that complete wsgictl's words in your shell."`
	Version    versionCommand    `cmd:"" group:"about" help:"Say which wsgictl this is; so does --version."`
}

// groups are the headings of the command list, in the order of use.
var groups = []kong.Group{
	{Key: "module", Title: "Find and build"},
	{Key: "config", Title: "Write configuration"},
	{Key: "daemon", Title: "Daemon process options"},
	{Key: "system", Title: "Change the system's Apache"},
	{Key: "audit", Title: "Look at configuration and logs"},
	{Key: "server", Title: "Run a server"},
	{Key: "about", Title: "About"},
}

// Main executes the command line of this process and gives its exit code.
func Main() int {
	trust.Become() // in a child that works as another account, this does not return
	deploy.Become()
	s := newStreams(programName(os.Args[0]), os.Stdout, os.Stderr)
	ctx, caught := catchSignals(s.tell)
	s.signals = caught
	code := executeAs(ctx, os.Args[0], os.Args[1:], s)
	s.flush()
	return code
}

// execute executes one command line and gives its exit code. Commands find the
// context and the streams among the arguments of their Run method.
func execute(ctx context.Context, args []string, s *streams) int {
	if len(args) > 0 && args[0] == "--version" {
		args = append([]string{"version"}, args[1:]...) // the command, as people ask other programs for it
	}
	exited := -1
	var every globalFlags
	parser, err := kong.New(commandsFor(args),
		kong.Name("wsgictl"),
		kong.Description("Python web applications under Apache and mod_wsgi, from a bare host to an audited deployment."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: s.helpWidth()}),
		kong.ExplicitGroups(groups),
		pairFlags,
		kong.Embed(&every),
		kong.Writers(s.data, s.stderr), // a shell reads the words that complete others
		kong.Exit(func(code int) { exited = code }),
		kong.Bind(s),
	)
	if err != nil {
		panic(err) // a mistake in the command structs
	}
	completeWords(parser)
	if exited >= 0 {
		return exited
	}
	if len(args) == 0 { // the help is what the caller needs, but no result
		parser.Stdout = s.stderr
		_, _ = parser.Parse([]string{"--help"})
		return exitUsage
	}
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	var wrong *kong.ParseError
	if errors.As(err, &wrong) {
		command = wrong.Context
	}
	if err == nil {
		err = refuseEmpty(command)
	}
	if err != nil {
		fmt.Fprintf(s.stderr, "%[1]s: %[2]s\nRun \"%[1]s --help\" for what it takes.\n", misused(command), misuse(err))
		return exitUsage
	}
	command.BindTo(every.context(ctx, s), (*context.Context)(nil))
	command.Bind(givenOn(command))
	return s.end(command.Run())
}

// misused is the command that a command line was wrong for.
func misused(command *kong.Context) string {
	if command != nil && command.Selected() != nil {
		return "wsgictl " + command.Selected().Path()
	}
	return "wsgictl"
}

// errFindings is the end of a command that worked and found something: exit code 1
// without a message, since the findings are the message.
var errFindings = errors.New("findings")

// errPending is the end of a plan that has changes to make.
var errPending = errors.New("changes are pending")

// errStopped stops a command whose context a signal has cancelled.
var errStopped = errors.New("stopped")

// exitError has wsgictl exit with the code of a program that it waited for,
// and has said what there was to say.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// exitCode says what went wrong.
func (s *streams) exitCode(err error) int {
	var exit exitError
	switch {
	case errors.As(err, &exit):
		return int(exit)
	case err == nil:
		return exitFine
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errPending):
		return exitPending
	}
	s.tell(err.Error())
	if isWrongUse(err) {
		return exitUsage
	}
	return exitFindings
}
