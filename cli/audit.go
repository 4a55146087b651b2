package cli

import (
	"cmp"
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/audit/fix"
	"github.com/wsgictl/wsgictl/audit/report"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/wsgi"
)

type auditCommand struct {
	Paths []string `arg:"" optional:"" name:"path" help:"Configuration files, server roots, repositories and other folders to look through, or - for standard input (default: the server of this host)."`

	Apps    bool     `help:"List the WSGI applications, each with the mode that it runs in, instead of findings."`
	URL     []string `name:"url" sep:"none" placeholder:"URL" help:"Tell which application would serve a GET for URL, and in which mode: http://HOST/PATH or https://HOST/PATH, also with HOST:PORT; may be given again."`
	Live    bool     `help:"Tell where the running server and its files disagree, instead of findings."`
	All     bool     `help:"Print each finding: of one kind the first three are printed else."`
	Explain bool     `help:"Print why each kind of finding matters, too."`
	Summary bool     `help:"Print a line for each site instead of findings."`

	Format string `enum:"text,json,sarif,github,junit" default:"text" placeholder:"FORMAT" help:"How to print: text, json, sarif, github or junit (default: text)."`

	auditFlags
	fixFlags
	readFlags
}

// Help is the long form of the command's help.
func (auditCommand) Help() string {
	return `Tells what is wrong with the way in which Apache hosts WSGI applications:
first of all which of them run embedded, in Apache's own processes. Nothing is
changed without --fix. Exits 1 when there are findings.

"wsgictl rules" lists the rules. A comment on the line before a directive or
section hides a finding there:
  # wsgictl: ignore WC101 because the page is static

Example:
  wsgictl audit
  wsgictl audit --apps
  wsgictl audit --diff --unsafe-fixes
  wsgictl audit --root /mnt/image --format sarif > audit.sarif
  wsgictl audit sites-available/shop.conf --mod-wsgi 6
  wsgictl audit --format github .
  wsgictl audit --live
  wsgictl audit --apps --url http://shop.example/admin`
}

func (c auditCommand) Run(ctx context.Context, s *streams, flags intent.Given) error {
	if err := cmp.Or(c.checkForm(flags), c.fixFlags.check(c.Paths)); err != nil {
		return err
	}
	settings, err := c.settings(ctx, s, flags)
	if err != nil {
		return err
	}
	about, err := c.subject(ctx, s, settings)
	if err != nil {
		return err
	}
	switch {
	case c.Live:
		return c.runLive(ctx, s, settings, about)
	case c.Fix:
		return c.runFix(ctx, s, settings, about)
	case c.Diff:
		return c.runDiff(ctx, s, settings, about)
	}
	views, err := about.Look(ctx)
	if err != nil {
		return err
	}
	fix.TellInterrupted(views, s.tell)
	if len(c.URL) > 0 || c.Apps {
		return c.tellApplications(s, views)
	}
	result := c.run(views, settings)
	if settings.WriteBaseline {
		return settings.writeBaseline(s, result, c.Root)
	}
	if err := c.write(s, result, views); err != nil {
		return err
	}
	return exitFor(result, settings)
}

func exitFor(result audit.Result, settings auditSettings) error {
	if len(result.Findings) > 0 && !settings.ExitZero {
		return errFindings
	}
	return nil
}

// run holds the rules against each view, without what the baseline knows.
func (c auditCommand) run(views []*wsgi.View, settings auditSettings) audit.Result {
	result := audit.RunAll(views, settings.Settings)
	return result.Without(settings.known, audit.SeenFromBaseline(settings.Baseline, c.Root))
}

// write prints the findings in the format asked for.
func (c auditCommand) write(s *streams, result audit.Result, views []*wsgi.View) error {
	text := findingsText{result, inventory(views), c.All, c.Explain}
	switch {
	case c.Format == "text" && c.Summary:
		return writeSummary(s.stdout, text, paletteFor(s.stdout))
	case c.Format == "text":
		return text.write(s.stdout, paletteFor(s.stdout))
	}
	switch c.Format {
	case "json":
		return report.WriteJSON(s.data, result)
	case "sarif":
		return report.WriteSARIF(s.data, result, release, seenFromHere())
	case "github":
		return report.WriteGitHub(s.stdout, result, seenFromHere()) // logs of builds show it to people
	default:
		return report.WriteJUnit(s.data, result, seenFromHere())
	}
}

// tellApplications prints the inventory, or what serves URLs: as written, where Apache
// does not start with it.
func (c auditCommand) tellApplications(s *streams, views []*wsgi.View) error {
	if refused := audit.Refused(views); len(refused) > 0 {
		s.tell(refusalLine(refused, seenFromHere()))
	}
	if len(c.URL) > 0 {
		return c.answer(s, views)
	}
	return c.listApplications(s, views)
}

// listApplications prints the inventory.
func (c auditCommand) listApplications(s *streams, views []*wsgi.View) error {
	applications := inventory(views)
	if c.Format == "json" {
		return report.WriteInventory(s.data, applications)
	}
	return writeApplications(s.stdout, applications, paletteFor(s.stdout))
}

// inventory are the applications of all configurations.
func inventory(views []*wsgi.View) []*wsgi.Application {
	applications := []*wsgi.Application{}
	for _, view := range views {
		applications = append(applications, view.Inventory()...)
	}
	return applications
}

// answer prints what serves each URL.
func (c auditCommand) answer(s *streams, views []*wsgi.View) error {
	if len(views) != 1 {
		return usageError{fmt.Errorf("--url asks one configuration, not %d: name one file or server root", len(views))}
	}
	var answers []wsgi.Answer
	for _, address := range c.URL {
		answer, err := views[0].Serving(address)
		if err != nil {
			return usageError{err}
		}
		if ports, ok := views[0].ListensFor(address); !ok {
			s.tell(fmt.Sprintf("%s: nothing listens on that port, only on %s", address, ports))
		}
		answers = append(answers, answer)
	}
	if c.Format == "json" {
		return report.WriteAnswers(s.data, answers)
	}
	return writeAnswers(s.stdout, answers, paletteFor(s.stdout))
}
