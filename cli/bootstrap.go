package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
)

type bootstrapCommand struct {
	projectFlags
	systemFlags
	keptFlags
	applyFlags
	Source string `placeholder:"SOURCE" help:"The mod_wsgi to install, as install-module takes it (default: the newest that fits)."`
}

// Help is the long form of the command's help.
func (bootstrapCommand) Help() string {
	return `From a host with Apache and a virtualenv to a site that is served in daemon mode:
writes a wsgictl.toml where there is none, installs mod_wsgi into the virtualenv
where it is missing, and applies. Each step is also a command of its own: init,
install-module, apply.

Example:
  wsgictl bootstrap --server-name shop.example.org --script wsgi.py`
}

func (c bootstrapCommand) Run(ctx context.Context, s *streams) error {
	request, err := declareFlags{systemFlags: c.systemFlags, keptFlags: c.keptFlags}.request(s, toChange)
	if err != nil {
		return err
	}
	session, d, err := system.OpenProject(ctx, request, c.project())
	if err != nil {
		return err
	}
	defer session.Close()
	session.Start = c.Start
	o := &opened{session, s}
	return o.End(ctx, c.bootstrap(ctx, o, d))
}

func (c bootstrapCommand) bootstrap(ctx context.Context, o *opened, d intent.Declared) error {
	if err := c.declaresACME(d); err != nil {
		return usageError{err}
	}
	progress, done := newProgress(o.streams.stderr)
	module, err := o.Provide(ctx, d, installer.Request{Source: c.Source, Progress: progress})
	done()
	if err != nil {
		return err
	}
	if err := c.apply(ctx, o, d, module); err != nil {
		return err
	}
	for _, site := range d.File.Sites {
		fmt.Fprintf(o.streams.stderr, "%s is served at %s. To take it away: wsgictl remove %s\n", site.Name, site.URLs()[0], site.Name)
	}
	return nil
}

// declaresACME is an error where a declaration that was there already does not have the
// certificate come from where the command line says: nobody would see that HTTP alone
// is served.
func (c bootstrapCommand) declaresACME(d intent.Declared) error {
	for _, site := range d.File.Sites {
		if c.ACME != "" && (site.ACME.ACME != c.ACME || !site.ACMEAcceptTerms) {
			return fmt.Errorf("--acme: %s is there already and says otherwise: write acme = %q and acme-accept-terms = true into its [site.%s], then: wsgictl apply", d.Path, c.ACME, site.Name)
		}
	}
	return nil
}
