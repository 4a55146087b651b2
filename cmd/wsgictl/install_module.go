package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

type installModuleCommand struct {
	Venv             string `placeholder:"DIR" help:"Virtualenv to install into (default: VIRTUAL_ENV, ./.venv, ./venv)."`
	Release          string `placeholder:"VERSION" xor:"which" help:"Release of mod_wsgi (default: the newest final one that fits)."`
	Source           string `placeholder:"PATH|URL" xor:"which" help:"Source archive or tree to build, instead of one from the index."`
	SHA256           string `name:"sha256" placeholder:"HEX" help:"SHA-256 that the source archive must have."`
	IndexURL         string `name:"index-url" placeholder:"URL" help:"Simple index to look in (default: the settings of pip and uv, then pip's own default)."`
	Offline          bool   `help:"Use only archives that are in the cache."`
	CacheDir         string `placeholder:"DIR" help:"Folder for archives and built wheels (default: $XDG_CACHE_HOME/wsgictl)."`
	NoCache          bool   `help:"Build anew, and keep nothing."`
	Jobs             int    `placeholder:"N" help:"Compilers to run at a time (default: one per core)."`
	ModulesDirectory string `placeholder:"DIR" help:"Copy the module into this folder too, and load it from there."`
	HTTPD            string `name:"httpd" placeholder:"PATH" help:"The httpd to build for (default: the one that runs, else the first found)."`
	APXS             string `name:"apxs" placeholder:"PATH" help:"The apxs that belongs to it."`
	Force            bool   `help:"Go on with a release that is known not to fit, and place files anew that are there already."`
	DryRun           bool   `help:"Print what would be done, and do nothing."`
}

// Help is the long form of the command's help.
func (installModuleCommand) Help() string {
	return `Builds the mod_wsgi module for the virtualenv's Python and this host's Apache,
lets httpd check that it loads, installs it into the virtualenv, and prints the
lines that load it. Neither setuptools nor pip is needed.

Example:
  wsgictl install-module --venv /srv/shop/.venv
  wsgictl install-module --venv /srv/shop/.venv --source mod_wsgi-6.1.1.tar.gz`
}

// Run finds the source, builds it, and places what came of it.
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
	if err := installable(host); err != nil {
		return err
	}
	sayWhose(s, host)
	temp, err := os.MkdirTemp("", "wsgictl-install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	job := installJob{installModuleCommand: c, streams: s, host: host, temp: temp}
	if job.cache, err = c.cache(temp); err != nil {
		return err
	}
	if c.DryRun {
		return job.describe(ctx)
	}
	return job.run(ctx)
}

// sayWhose names, to root, what of somebody else's a build goes by: the words
// for the compiler come from the Python, and httpd loads its library to check.
func sayWhose(s *streams, host detect.Host) {
	if os.Geteuid() != 0 {
		return
	}
	for _, folder := range []string{host.Python.BasePrefix, host.Python.PlatStdlib} {
		if err := trust.RootAndCaller().Check(folder); folder != "" && err != nil && !errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(s.stderr, "Warning: what is built as root goes by a Python that others can change; the owner of the virtualenv can install, too, without root: %v.\n", err)
			return
		}
	}
}

// blocking are detect's problems that stand in the way of a build.
var blocking = []string{
	"windows", "no-httpd", "httpd-fails", "apple-httpd", "no-apxs", "apxs-fails", "apxs-of-other-httpd",
	"no-httpd-headers", "no-apr-headers", "no-compiler", "virtualenv-missing", "virtualenv-broken",
	"no-python", "python-fails", "python-not-supported", "no-python-headers", "no-libpython", "libpython-not-linkable",
}

// installable tells, in detect's own words, what stands in the way.
func installable(host detect.Host) error {
	for _, problem := range host.Problems {
		if !slices.Contains(blocking, problem.ID) {
			continue
		}
		err := fmt.Errorf("%s: %s; to mend it: %s", problem.Cause, problem.Consequence, problem.Remedy)
		if problem.ID == "virtualenv-missing" {
			return usageError{err}
		}
		return err
	}
	switch {
	case host.Virtualenv == nil:
		return errors.New("no virtualenv to install into")
	case !host.Virtualenv.Writable:
		return fmt.Errorf("%s is not writable: run wsgictl as the owner of the virtualenv", host.Virtualenv.SitePackages)
	}
	return nil
}

// cache is the folder of archives and wheels: for a run that keeps nothing,
// one that ends with it.
func (c installModuleCommand) cache(temp string) (string, error) {
	switch {
	case c.NoCache:
		return filepath.Join(temp, "cache"), nil
	case c.CacheDir != "":
		return filepath.Abs(c.CacheDir)
	}
	return installer.CacheFolder()
}

// An installJob is one run of install-module.
type installJob struct {
	installModuleCommand
	*streams
	host  detect.Host
	cache string
	temp  string // a private folder that ends with the run
}

func (j installJob) run(ctx context.Context) error {
	source, err := j.source(ctx)
	if err != nil {
		return err
	}
	report, done := newProgress(j.stderr)
	builder := j.builder()
	builder.Report, builder.Check = report, j.checkFit
	wheel, err := builder.Build(ctx, source)
	done()
	if err != nil {
		return err
	}
	if err := j.verify(ctx, wheel); err != nil {
		return err
	}
	if err := j.place(ctx, wheel); err != nil {
		return err
	}
	return j.printConfig(wheel)
}

func (j installJob) builder() installer.Builder {
	return installer.Builder{Apache: j.host.Apache, Python: j.host.Python, Cache: j.cache, Jobs: j.Jobs}
}

// checkFit asks what is known of a release with this Python and Apache.
func (j installJob) checkFit(release modwsgi.Release) error {
	notes, err := modwsgi.Fit(release, j.host.Python.Version, j.host.Apache.Version)
	for _, note := range notes {
		fmt.Fprintf(j.stderr, "Note: mod_wsgi %s: %s.\n", release, note)
	}
	if err == nil {
		return nil
	}
	if j.Force {
		fmt.Fprintf(j.stderr, "Warning: %v.\n", err)
		return nil
	}
	return fmt.Errorf("%w; take another release (--release), or go on all the same (--force)", err)
}

// verify lets httpd load the module before anything in the virtualenv changes.
func (j installJob) verify(ctx context.Context, wheel *installer.Wheel) error {
	module, err := wheel.ExtractModule(j.temp)
	if err != nil {
		return err
	}
	return installer.Verify(ctx, j.host.Apache, module)
}

func (j installJob) place(ctx context.Context, wheel *installer.Wheel) error {
	if !j.Force {
		installed, err := installer.Installed(wheel, j.host.Virtualenv)
		if err != nil {
			return err
		}
		if installed {
			fmt.Fprintf(j.stderr, "mod_wsgi %s is installed in %s already.\n", wheel.Release, j.host.Virtualenv.Path)
			return j.placeDjangoApp()
		}
	}
	if _, err := installer.Place(ctx, wheel, j.host.Virtualenv); err != nil {
		return err
	}
	fmt.Fprintf(j.stderr, "Installed mod_wsgi %s into %s.\n", wheel.Release, j.host.Virtualenv.Path)
	return j.placeDjangoApp()
}

// placeDjangoApp adds the management command where there is Django.
func (j installJob) placeDjangoApp() error {
	if !express.HasDjango(*j.host.Virtualenv) {
		return nil
	}
	if err := express.PlaceDjangoApp(*j.host.Virtualenv); err != nil {
		return err
	}
	fmt.Fprintln(j.stderr, "For \"python manage.py runwsgictl\", add \"wsgictl_django\" to INSTALLED_APPS.")
	return nil
}

// printConfig prints how to load the module, and on stderr where to say it.
func (j installJob) printConfig(wheel *installer.Wheel) error {
	module, err := moduleIn(*j.host.Virtualenv)
	if err != nil {
		return err
	}
	config := module.config()
	if j.ModulesDirectory != "" {
		dir, err := filepath.Abs(j.ModulesDirectory)
		if err != nil {
			return err
		}
		if config.Module, err = wheel.ExtractModule(dir); err != nil {
			return err
		}
	}
	module.explain(j.stderr)
	fmt.Fprintln(j.stderr, whereToLoad(j.host.Apache))
	return printModuleConfig(j.stdout, config)
}
