package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/system"
)

type statusCommand struct {
	systemFlags
	keptFlags
}

// Help is the long form of the command's help.
func (statusCommand) Help() string {
	return `Compares what was applied with the files that are there, and asks each site of
the running Apache. Exits 1 when anything differs, or when the files would keep
Apache from starting again.

Example:
  wsgictl status`
}

func (c statusCommand) Run(ctx context.Context, s *streams) error {
	request, err := declareFlags{systemFlags: c.systemFlags, keptFlags: c.keptFlags}.request(s, toLook)
	if err != nil {
		return err
	}
	session, err := system.Open(ctx, request)
	if err != nil {
		return err
	}
	o := &opened{session, s}
	current, err := o.Current()
	if err != nil {
		return err
	}
	unsettled, err := o.History.Unsettled()
	if err != nil {
		return err
	}
	p := paletteFor(s.stdout)
	if unsettled != "" {
		fmt.Fprintf(s.stdout, "pending  %s\n", p.red(unsettled))
	}
	if len(current.Sites) == 0 {
		fmt.Fprintln(s.stdout, "No site is applied.")
		if file := intent.DefaultFile(); intent.IsThere(file) {
			fmt.Fprintf(s.stderr, "%s declares some: wsgictl plan shows what applying it would change.\n", file)
		}
		return findingsUnless(unsettled == "")
	}
	fine := o.reportFiles(current, p) && unsettled == ""
	served, err := o.reportEdits(s.stdout, current, p)
	if err != nil {
		return err
	}
	fine = served && fine
	fine = o.reportDeclarations(current, p) && fine
	fine = o.reportNextStart(ctx, p) && fine
	o.reportBeside(current)
	fine = o.reportSites(ctx, current, p) && fine
	fine = reportCertificates(s.stdout, current.Sites, p) && fine
	if ctx.Err() != nil {
		return errStopped
	}
	return findingsUnless(fine)
}

func findingsUnless(fine bool) error {
	if fine {
		return nil
	}
	return errFindings
}

// reportFiles says which files are no longer as they were applied.
func (o *opened) reportFiles(current system.Generation, p palette) bool {
	difference, err := system.Compare(current.Wanted(), current.Managed)
	if err != nil {
		fmt.Fprintf(o.streams.stdout, "files    %s\n", p.red(err.Error()))
		return false
	}
	fmt.Fprintf(o.streams.stdout, "files    generation %d of %s, %s, ", current.Number, current.Time.Local().Format(time.DateTime), plural.Count(len(current.Managed), "path"))
	if len(difference.Changes) == 0 {
		fmt.Fprintln(o.streams.stdout, p.green("all as applied"))
		return true
	}
	fmt.Fprintln(o.streams.stdout, p.red(fmt.Sprintf("%d changed since", len(difference.Changes))))
	for _, change := range difference.Changes {
		fmt.Fprintf(o.streams.stdout, "         %s\n", system.SinceApplied(change))
	}
	return false
}

// reportNextStart says whether Apache would start with the files that are there.
func (o *opened) reportNextStart(ctx context.Context, p palette) bool {
	if err := o.CheckNextStart(ctx); err != nil {
		fmt.Fprintf(o.streams.stdout, "start    %s\n         %s\n", p.red("Apache would not start again with these files"), strings.ReplaceAll(err.Error(), "\n", "\n         "))
		return false
	}
	if err := o.CheckReload(); err != nil {
		fmt.Fprintf(o.streams.stdout, "start    %s\n         %s\n", p.red("Apache would stop at the next reload"), err)
		return false
	}
	fmt.Fprintf(o.streams.stdout, "start    %s\n", p.green("Apache would start with these files"))
	return true
}

// reportDeclarations says which files declare something else than was applied.
func (o *opened) reportDeclarations(current system.Generation, p palette) bool {
	fine := true
	for _, file := range current.Files() {
		verdict := p.green("as applied")
		if err := o.DeclaredSinceApplied(file); err != nil {
			verdict, fine = p.red(err.Error()), false
		}
		fmt.Fprintf(o.streams.stdout, "declared %s: %s\n", file, verdict)
		if names := current.Trusts(file); len(names) > 0 {
			fmt.Fprintf(o.streams.stdout, "         trusted with root's rights: %s\n", strings.Join(names, ", "))
		}
	}
	return fine
}

// reportBeside says whether Apache is to load mod_wsgictl, where that keeps files, and
// of which wsgictl it is.
func (o *opened) reportBeside(current system.Generation) {
	beside, err := o.Beside(current)
	switch {
	case err != nil:
		fmt.Fprintf(o.streams.stdout, "module   %v\n", err)
	case beside.Path == "":
		fmt.Fprintf(o.streams.stdout, "module   none beside mod_wsgi: %s\n", installer.WithoutBeside)
	default:
		fmt.Fprintf(o.streams.stdout, "module   %s%s\n", beside.Path, beside.What())
	}
}

// reportSites asks each site, by the configuration that was applied.
func (o *opened) reportSites(ctx context.Context, current system.Generation, p palette) bool {
	pid := o.RunningPID()
	if pid == 0 {
		fmt.Fprintf(o.streams.stdout, "apache   %s\n", p.red("does not run"))
		return false
	}
	fmt.Fprintf(o.streams.stdout, "apache   %s %s, process %d\n", o.Path, o.Version, pid)
	troubles := o.SitesSinceApplied(ctx, current)
	if ctx.Err() != nil {
		return false
	}
	for _, name := range slices.Sorted(maps.Keys(current.Sites)) {
		site, verdict := current.Sites[name], p.green("answers in daemon mode")
		switch err := troubles[name]; {
		case err != nil:
			verdict = p.red(err.Error())
		case site.Disabled:
			verdict = "disabled"
		}
		fmt.Fprintf(o.streams.stdout, "site     %s, daemon %s, declared in %s: %s\n", name, site.Daemon, site.File, verdict)
	}
	return len(troubles) == 0
}
