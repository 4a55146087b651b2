package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
)

type installModuleCommand struct {
	Venv     string `help:"Virtualenv to install into; default: VIRTUAL_ENV, ./.venv, ./venv." placeholder:"DIR"`
	Source   string `help:"Source archive or tree to build." placeholder:"PATH" required:""`
	SHA256   string `help:"Digest that the source must have." name:"sha256" placeholder:"HEX"`
	Jobs     int    `help:"Compilers to run at a time; default: one per core." placeholder:"N"`
	CacheDir string `help:"Folder for archives and built wheels; default: $XDG_CACHE_HOME/wsgictl." placeholder:"DIR"`
	NoCache  bool   `help:"Build anew, and keep nothing."`
}

// Help is the long form of the command's help.
func (installModuleCommand) Help() string {
	return `Builds the mod_wsgi module for the virtualenv's Python and this host's Apache,
installs it into the virtualenv, and prints the lines that load it.

Example:
  wsgictl install-module --venv /srv/shop/.venv --source mod_wsgi-6.1.1.tar.gz`
}

func (c installModuleCommand) Run(ctx context.Context, s *streams) error {
	dir, err := detect.FindVirtualenv(c.Venv)
	if err != nil {
		return usageError{err}
	}
	host, err := detect.Detect(ctx, detect.Request{Venv: dir})
	if err != nil {
		return err
	}
	if host.Virtualenv == nil || host.Virtualenv.Broken != "" {
		return fmt.Errorf("no working virtualenv in %s", dir)
	}
	source, err := installer.OpenSource(c.Source)
	if err != nil {
		return usageError{err}
	}
	if c.SHA256 != "" {
		if err := source.Verify(c.SHA256); err != nil {
			return err
		}
	}
	return c.install(ctx, s, host, source)
}

func (c installModuleCommand) install(ctx context.Context, s *streams, host detect.Host, source installer.Source) error {
	temp, err := os.MkdirTemp("", "wsgictl-install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	cache, err := c.cache(temp)
	if err != nil {
		return err
	}
	builder := installer.Builder{Apache: host.Apache, Python: host.Python, Cache: cache, Jobs: c.Jobs, Report: plainProgress(s.stderr)}
	wheel, err := builder.Build(ctx, source)
	if err != nil {
		return err
	}
	module, err := wheel.ExtractModule(temp)
	if err != nil {
		return err
	}
	if err := installer.Verify(ctx, host.Apache, module); err != nil {
		return err
	}
	if _, err := installer.Place(ctx, wheel, host.Virtualenv); err != nil {
		return err
	}
	return printInstalled(s, *host.Virtualenv)
}

// cache is the folder of built wheels: for a build that keeps nothing, one
// that ends with it.
func (c installModuleCommand) cache(temp string) (string, error) {
	switch {
	case c.NoCache:
		return filepath.Join(temp, "cache"), nil
	case c.CacheDir != "":
		return filepath.Abs(c.CacheDir)
	}
	return installer.CacheFolder()
}

// plainProgress tells of each step in a line of its own.
func plainProgress(w io.Writer) func(installer.Step) {
	return func(step installer.Step) {
		fmt.Fprintf(w, "[%d/%d] %s\n", step.Done, step.Total, step.What)
	}
}

// printInstalled prints how to load the module that a virtualenv holds now.
func printInstalled(s *streams, venv detect.Virtualenv) error {
	module, err := installedModule(venv)
	if err != nil {
		return err
	}
	config := moduleConfig(module, venv)
	explainLoadFile(s.stderr, config, module)
	return printModuleConfig(s.stdout, config)
}
