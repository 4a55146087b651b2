package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/deploy"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/roll"
	"github.com/wsgictl/wsgictl/trust"
)

type deployCommand struct {
	Site     string `arg:"" help:"Name of the site, as wsgictl.toml declares it."`
	Source   string `arg:"" optional:"" name:"dir|archive" help:"The code: a folder, or an archive of tar or zip (default: the current folder). With --rollback, the release to go back to."`
	Rollback bool   `xor:"deploy" help:"Serve a former release again (default: the one that was served before)."`
	List     bool   `xor:"deploy" help:"List the releases, the newest first."`
	File     string `placeholder:"FILE" help:"The declaration (default: ./wsgictl.toml; as root in a folder that others can change, one of /etc/wsgictl)."`
	Config   string `placeholder:"PATH" help:"Another server than that of this host: its server root or configuration file."`
	Timeout  int    `default:"60" placeholder:"SECONDS" help:"Time that a new process has to load the application (default: ${default})."`
	JSON     bool   `name:"json" help:"Print as JSON."`
	trustFlags
}

// resumable is true: the journal tells the next deploy what this one has left.
func (deployCommand) resumable() bool { return true }

// Help is the long form of the command's help.
func (deployCommand) Help() string {
	return `Puts the code beside the releases that are there, makes its virtualenv, tries whether
the application loads, has the link "current" lead to it, and replaces the processes
one after the other: no request fails or waits. Where anything of that fails, the
former release is served on. It is declared in wsgictl.toml:

  [site.shop.deploy]
  folder = "/srv/shop"
  before = [["venv/bin/python", "manage.py", "migrate"]]

The first deploy comes before the first "wsgictl apply". docs/deploy.md tells it
step by step.

Example:
  wsgictl deploy shop /home/alice/shop
  wsgictl deploy --list shop
  wsgictl deploy --rollback shop`
}

// deployReport is what "deploy --json" prints.
type deployReport struct {
	Version  int            `json:"version"`
	Site     string         `json:"site"`
	Release  string         `json:"release,omitempty"`
	Previous string         `json:"previous,omitempty"`
	Applied  bool           `json:"applied"`
	Replaced int            `json:"replaced"`
	Removed  []string       `json:"removed"`
	Steps    []deployedStep `json:"steps"`
	Seconds  float64        `json:"seconds"`
	Error    string         `json:"error,omitempty"`
	Log      []string       `json:"log,omitempty"`
}

type deployedStep struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"` // since the command was started
}

// releasesReport is what "deploy --list --json" prints.
type releasesReport struct {
	Version  int             `json:"version"`
	Site     string          `json:"site"`
	Folder   string          `json:"folder"`
	Releases []deploy.Listed `json:"releases"`
}

func (c deployCommand) Run(ctx context.Context, s *streams) error {
	if c.Timeout < 1 {
		return usageError{fmt.Errorf("--timeout %d: want a second or more", c.Timeout)}
	}
	site, err := c.site()
	if err != nil {
		return usageError{err}
	}
	if c.List {
		return c.list(s, site)
	}
	report := deployReport{Version: 1, Site: site.Name, Removed: []string{}, Steps: []deployedStep{}}
	begun := time.Now()
	result, err := c.deploy(ctx, s, site, &report)
	report.Seconds = time.Since(begun).Seconds()
	if result.Release != "" {
		report.Release, report.Previous, report.Applied, report.Replaced = result.Release, result.Previous, result.IsApplied, result.Replaced
		report.Removed = append(report.Removed, result.Removed...)
	}
	failure := (*deploy.Failure)(nil)
	if errors.As(err, &failure) {
		report.Log = failure.Log
	}
	if err != nil {
		report.Error = err.Error()
	}
	if c.JSON {
		return errors.Join(c.failed(s, site, err, nil), jsonreport.Write(s.data, report))
	}
	if err != nil {
		return c.failed(s, site, err, report.Log)
	}
	c.tell(s, site, result, report.Seconds)
	return nil
}

// site is the one that is declared by that name.
func (c deployCommand) site() (deploy.Site, error) {
	declared, err := intent.Read(c.File, c.Trust)
	if err != nil {
		return deploy.Site{}, err
	}
	return deploy.SiteOf(declared.File, c.Site)
}

func (c deployCommand) deploy(ctx context.Context, s *streams, site deploy.Site, report *deployReport) (deploy.Result, error) {
	begun := time.Now()
	d := deploy.Deploy{
		Site: site, Release: currentBuild().Version, Limit: time.Duration(c.Timeout) * time.Second,
		Find: func() (roll.Server, error) { return c.find(ctx) },
		Hold: func() (func(), error) { return s.signals.hold(c) },
		Tell: func(text string) {
			report.Steps = append(report.Steps, deployedStep{text, time.Since(begun).Seconds()})
			fmt.Fprintf(s.stderr, "%s: %s\n", site.Name, text)
		},
		Replaced: func(done, of int) {
			if screen, ok := s.stderr.(*printer); ok && screen.terminal {
				fmt.Fprintf(s.stderr, "%s: %d of %s replaced\n", site.Name, done, plural.Count(of, "process"))
			}
		},
	}
	if c.Rollback {
		return d.Back(ctx, c.Source)
	}
	name := c.Source
	if name == "" {
		name = "."
	}
	source, err := deploy.OpenSource(name)
	if err != nil {
		return deploy.Result{}, usageError{err}
	}
	defer source.Close()
	return d.Put(ctx, source)
}

// find finds the Apache that serves the site.
func (c deployCommand) find(ctx context.Context) (roll.Server, error) {
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

// failed shows what a step has said, and what is served now.
func (c deployCommand) failed(s *streams, site deploy.Site, err error, log []string) error {
	if err == nil || errors.As(err, new(usageError)) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return errStopped
	}
	for i, line := range log {
		if i == 0 {
			fmt.Fprintln(s.stderr, "It has said:")
		}
		fmt.Fprintf(s.stderr, "  %s\n", line)
	}
	serves := "no release is served yet"
	if serving := site.Serving(); serving != "" {
		serves = serving + " is served on"
	}
	return fmt.Errorf("deploy %s: %w; %s", site.Name, err, serves)
}

func (deployCommand) tell(s *streams, site deploy.Site, r deploy.Result, seconds float64) {
	var more []string
	if r.Previous != "" {
		more = append(more, "before it "+r.Previous)
	}
	switch {
	case r.IsApplied:
		more = append(more, plural.Count(r.Replaced, "process")+" serve it")
	case r.Runs:
		more = append(more, `Apache does not serve the site from there yet: run "wsgictl apply"`)
	default:
		more = append(more, "Apache does not run, and loads it when it is started")
	}
	fmt.Fprintf(s.stdout, "%s: %s in %.1f s; %s\n", site.Name, r.Release, seconds, strings.Join(more, "; "))
}

func (c deployCommand) list(s *streams, site deploy.Site) error {
	if c.Source != "" {
		return usageError{fmt.Errorf("--list %s: it lists all releases of the site", c.Source)}
	}
	all, unsettled, err := site.List(currentBuild().Version)
	if err != nil {
		return fmt.Errorf("list the releases of %s: %w", site.Name, err)
	}
	if unsettled != "" {
		fmt.Fprintf(s.stderr, "pending: %s\n", unsettled)
	}
	if c.JSON {
		return jsonreport.Write(s.data, releasesReport{1, site.Name, site.Folder, all})
	}
	for _, r := range all {
		mark := " "
		if r.Serving {
			mark = "*"
		}
		fmt.Fprintf(s.stdout, "%s %-16s  %s  Python %-8s %s\n", mark, r.ID, r.Time.Local().Format(time.DateTime), r.Python, r.From)
	}
	if len(all) == 0 {
		fmt.Fprintln(s.stdout, "Nothing was deployed yet.")
	}
	return nil
}
