package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/trust"
)

type installModuleCommand struct {
	Venv             string `placeholder:"DIR" help:"Virtualenv to install into (default: VIRTUAL_ENV, .venv, venv or env here or above, or the one in this folder)."`
	Release          string `placeholder:"VERSION" xor:"which" help:"Release of mod_wsgi (default: the newest final one that fits)."`
	Source           string `placeholder:"PATH|URL" xor:"which" help:"Source archive or tree to build, instead of one from the index."`
	SHA256           string `name:"sha256" placeholder:"HEX" help:"SHA-256 that the source archive must have."`
	IndexURL         string `name:"index-url" placeholder:"URL" help:"Simple index to look in (default: the settings of pip and uv, then pip's own default)."`
	Offline          bool   `help:"Use only archives that are in the cache."`
	CacheDir         string `placeholder:"DIR" help:"Folder for archives and built wheels (default: $XDG_CACHE_HOME/wsgictl)."`
	NoCache          bool   `help:"Build anew, and keep nothing."`
	Jobs             int    `placeholder:"N" help:"Compilers to run at a time (default: one per core)."`
	ModulesDirectory string `placeholder:"DIR" help:"Copy the module into this folder too, and load it from there; in the place of root's own folder for modules, where it is kept there."`
	HTTPD            string `name:"httpd" placeholder:"PATH" help:"The httpd to build for (default: the one that runs, else the first found)."`
	APXS             string `name:"apxs" placeholder:"PATH" help:"The apxs that belongs to it."`
	trustFlags
	Force  bool `help:"Go on with a release that is known not to fit, and place files anew that are there already."`
	DryRun bool `help:"Print what would be done, and do nothing."`
}

// Help is the long form of the command's help.
func (installModuleCommand) Help() string {
	return `Builds the mod_wsgi module for the virtualenv's Python and this host's Apache,
lets httpd check that it loads, installs it into the virtualenv, and prints the
lines that load it. Neither setuptools nor pip is needed. For a virtualenv that
others can change, root keeps the module in a folder of its own instead.

Example:
  wsgictl install-module --venv /srv/shop/.venv
  wsgictl install-module --venv /srv/shop/.venv --source mod_wsgi-6.1.1.tar.gz`
}

// resumable is true: a virtualenv has the old module or the new one whenever a
// placing is killed, and the next one removes what it left.
func (installModuleCommand) resumable() bool { return true }

// Run finds the virtualenv and what it is to be built with, and has it done.
func (c installModuleCommand) Run(ctx context.Context, s *streams) error {
	if c.Jobs < 0 {
		return usageError{fmt.Errorf("--jobs %d: want a number of compilers, or nothing for one per core", c.Jobs)}
	}
	dir, err := detect.FindVirtualenv(c.Venv)
	if err != nil {
		return usageError{err}
	}
	host, err := detect.Detect(ctx, detect.Request{Venv: dir, HTTPD: c.HTTPD, APXS: c.APXS})
	if err != nil {
		return err
	}
	request, err := c.request(s, host)
	if err != nil {
		return err
	}
	if c.DryRun {
		preview, err := installer.DryRun(ctx, request)
		if err != nil {
			return err
		}
		return writePreview(s.stdout, host, preview)
	}
	report, done := newProgress(s.stderr)
	request.Progress = report
	installed, err := installer.Install(ctx, request)
	done()
	if err != nil {
		return err
	}
	return c.printInstalled(ctx, s, host.Apache, installed)
}

func (c installModuleCommand) request(s *streams, host detect.Host) (installer.Request, error) {
	trusted, err := trust.Deciders().And(c.Trust...)
	if err != nil {
		return installer.Request{}, usageError{err}
	}
	return installer.Request{
		Host: host, Release: c.Release, Source: c.Source, SHA256: c.SHA256, IndexURL: c.IndexURL,
		Offline: c.Offline, NoCache: c.NoCache, Force: c.Force, Cache: c.CacheDir, Jobs: c.Jobs,
		ModulesDirectory: c.ModulesDirectory, Trusted: trusted,
		Say:  func(text string) { fmt.Fprintln(s.stderr, text) },
		Hold: func() (func(), error) { return s.signals.hold(c) },
	}, nil
}

// printInstalled prints how to load the module, and on stderr where to say it.
func (c installModuleCommand) printInstalled(ctx context.Context, s *streams, apache *detect.Apache, module installer.Installed) error {
	if module.Origin != installer.KeptByRoot {
		hold := func() (func(), error) { return s.signals.hold(c) }
		django, err := express.OfferDjangoApp(ctx, module.Virtualenv, currentBuild().Version, hold)
		if err != nil {
			return err
		}
		for _, advice := range []string{django, module.UVAdvice()} {
			if advice != "" {
				fmt.Fprintln(s.stderr, advice)
			}
		}
	}
	writeNotes(s, module)
	fmt.Fprintln(s.stderr, installer.WhereToLoad(apache))
	if len(c.Trust) > 0 { // to be remembered where the lines are
		fmt.Fprintf(s.data, "# Built with --trust %s: who is trusted can become root by what Apache loads here.\n", strings.Join(c.Trust, " --trust "))
	}
	return printLines(s, module)
}

// writePreview prints what would be done.
func writePreview(w io.Writer, host detect.Host, p installer.Preview) error {
	wheel := p.WheelTag + ", to build"
	switch {
	case p.Digest == "" && p.Cache != "":
		wheel += " unless it is in " + p.Cache
	case p.Cached:
		wheel = p.WheelTag + ", in the cache " + p.Cache
	}
	lines := [][2]string{
		{"source", p.Source},
		{"for", fmt.Sprintf("Python %s (%s), Apache %s (%s)", host.Python.Version, host.Python.Path, host.Apache.Version, host.Apache.Path)},
		{"wheel", wheel},
		{"compile", strings.Join(p.Compile, " ")},
		{"link", strings.Join(p.Link, " ")},
		{"module", p.Install},
		{"copy", p.Copy},
		{"keep", p.Keep},
		{"beside it", p.Beside},
	}
	for _, line := range lines {
		if line[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%-9s %s\n", line[0], line[1]); err != nil {
			return err
		}
	}
	return nil
}
