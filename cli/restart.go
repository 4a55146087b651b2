package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/roll"
	"github.com/wsgictl/wsgictl/trust"
)

type restartCommand struct {
	Names    []string `arg:"" optional:"" name:"site|group" help:"Host names of sites, or daemon process groups (default: all groups)."`
	Config   string   `placeholder:"PATH" help:"Another server than that of this host: its server root or configuration file."`
	Parallel int      `default:"1" placeholder:"N" help:"Processes of a group that are replaced at a time (default: ${default})."`
	Timeout  int      `default:"60" placeholder:"SECONDS" help:"Time that a new process has to load its applications (default: ${default})."`
	JSON     bool     `name:"json" help:"Print as JSON."`
	trustFlags
}

// Help is the long form of the command's help.
func (restartCommand) Help() string {
	return `Has daemon processes load the applications anew, without a request that fails or
waits: one process of a group after the other, the next one only when the one before
takes requests again. The first that cannot load its application stops it all: the
others serve on with what they have, and the traceback is shown.

A group needs two processes or more, display-name=%{GROUP}, and the file of
"wsgictl ready-script", by which a process says that it has loaded its applications.
What "wsgictl apply" writes has that, and "wsgictl setup-server --processes 2".

Example:
  wsgictl restart
  wsgictl restart shop.example.org`
}

// restartReport is what "restart --json" prints.
type restartReport struct {
	Version int              `json:"version"`
	Groups  []restartedGroup `json:"groups"`
}

type restartedGroup struct {
	Name      string   `json:"name"`
	Replaced  int      `json:"replaced"`
	Processes int      `json:"processes"` // 0 where it was not begun
	Seconds   float64  `json:"seconds"`
	Error     string   `json:"error,omitempty"`
	Log       []string `json:"log,omitempty"`
}

func (c restartCommand) Run(ctx context.Context, s *streams) error {
	if err := c.check(); err != nil {
		return err
	}
	server, err := c.find(ctx)
	if err != nil {
		return err
	}
	groups, err := server.Named(c.Names...)
	if err != nil {
		return usageError{err}
	}
	unlock, err := server.Lock(ctx, currentBuild().Version, func(holder string) { s.tell("waiting for the lock, " + holder) })
	if err != nil {
		return err
	}
	defer unlock()
	rolls := c.rolls(server, groups)
	if err := checkRolls(ctx, rolls); err != nil {
		return err
	}
	report, err := c.restart(ctx, s, rolls)
	if c.JSON {
		err = errors.Join(err, jsonreport.Write(s.data, report))
	}
	return err
}

func (c restartCommand) check() error {
	switch {
	case c.Parallel < 1:
		return usageError{fmt.Errorf("--parallel %d: want 1 or more", c.Parallel)}
	case c.Timeout < 1:
		return usageError{fmt.Errorf("--timeout %d: want a second or more", c.Timeout)}
	}
	return nil
}

func (c restartCommand) find(ctx context.Context) (roll.Server, error) {
	trusted, err := trust.Deciders().And(c.Trust...)
	if err != nil {
		return roll.Server{}, usageError{err}
	}
	named, err := readFlags{}.named(ctx, c.Config)
	if err != nil {
		return roll.Server{}, err
	}
	return roll.Find(named[0], trusted)
}

func (c restartCommand) rolls(server roll.Server, groups []roll.Group) []roll.Roll {
	rolls := make([]roll.Roll, 0, len(groups))
	for _, group := range groups {
		rolls = append(rolls, roll.Roll{Server: server.Process, Group: group, Parallel: c.Parallel, Limit: time.Duration(c.Timeout) * time.Second})
	}
	return rolls
}

// checkRolls tells of each group that cannot be restarted, before anything is done.
func checkRolls(ctx context.Context, rolls []roll.Roll) error {
	var all []error
	for _, r := range rolls {
		if err := r.Check(ctx); err != nil {
			all = append(all, fmt.Errorf("group %s: %w%s", r.Group.Name, err, remedyFor(err, r.Group)))
		}
	}
	if len(all) > 0 && len(all) < len(rolls) {
		all = append(all, errors.New("nothing was restarted; name the groups that can be, to restart these alone"))
	}
	return errors.Join(all...)
}

// remedyFor is what to write so that a group can be restarted.
func remedyFor(err error, g roll.Group) string {
	switch {
	case errors.Is(err, roll.ErrNoName):
		return "; write it there, and reload Apache"
	case errors.Is(err, roll.ErrAlone):
		return "; give WSGIDaemonProcess processes=2 or more and reload Apache, which restarts it too"
	case errors.Is(err, roll.ErrNoSign):
		return remedyForSign(g)
	}
	return ""
}

func remedyForSign(g roll.Group) string {
	var scripts []string
	for _, script := range g.Scripts {
		scripts = append(scripts, detect.ShellArgument(script))
	}
	if len(scripts) == 0 {
		scripts = []string{"SCRIPT"}
	}
	file := "/etc/wsgictl/" + g.Name + "-ready.py"
	return fmt.Sprintf(`; have it say so, then reload Apache:
  mkdir -p /etc/wsgictl
  wsgictl ready-script %s > %s
and in its configuration, below the WSGIScriptAlias, which needs process-group=%[3]s application-group=%%{GLOBAL} as well:
  WSGIImportScript %[4]q process-group=%[3]s application-group=%%{GLOBAL}`, strings.Join(scripts, " "), detect.ShellArgument(file), g.Name, file)
}

// restart restarts group after group, up to the first that fails.
func (c restartCommand) restart(ctx context.Context, s *streams, rolls []roll.Roll) (restartReport, error) {
	report := restartReport{Version: 1, Groups: []restartedGroup{}}
	for _, r := range rolls {
		begun, done := time.Now(), restartedGroup{Name: r.Group.Name}
		r.Tell = func(replaced, of int) {
			done.Replaced, done.Processes = replaced, of
			if screen, ok := s.stderr.(*printer); ok && screen.terminal {
				fmt.Fprintf(s.stderr, "%s: %d of %s replaced\n", r.Group.Name, replaced, plural.Count(of, "process"))
			}
		}
		err := r.Run(ctx)
		done.Seconds = time.Since(begun).Seconds()
		var notReady *roll.NotReady
		if errors.As(err, &notReady) {
			done.Log = notReady.Log
		}
		if err != nil {
			done.Error = err.Error()
		}
		report.Groups = append(report.Groups, done)
		if err != nil {
			return report, c.stopped(s.stderr, done, err, r.Group)
		}
		if !c.JSON {
			fmt.Fprintf(s.stdout, "%s: %s replaced in %.1f s\n", r.Group.Name, plural.Count(done.Replaced, "process"), done.Seconds)
		}
	}
	return report, nil
}

// stopped shows why a restart did not go on, and what serves now.
func (c restartCommand) stopped(out io.Writer, done restartedGroup, err error, g roll.Group) error {
	if len(done.Log) > 0 && !c.JSON {
		fmt.Fprintf(out, "%s says of it:\n", g.Log)
		for _, line := range done.Log {
			fmt.Fprintf(out, "  %s\n", line)
		}
	}
	if errors.Is(err, context.Canceled) {
		return errStopped
	}
	then := plural.Count(done.Replaced, "process") + " replaced before it"
	if errors.As(err, new(*roll.NotReady)) {
		then += ", and the others serve on with what they have loaded"
	}
	return fmt.Errorf("restart %s: %w; %s", g.Name, err, then)
}
