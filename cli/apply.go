package cli

import (
	"context"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/store"
)

type applyCommand struct {
	declareFlags
	onlyFlag
	applyFlags
	TakeCertificate bool `help:"Declare the certificates with which certbot serves sites of the file, in the place of certbot's own virtual hosts."`
}

// Help is the long form of the command's help.
func (applyCommand) Help() string {
	return `Makes the system's Apache serve what a wsgictl.toml declares, in daemon mode, as
one transaction: the result is checked in a copy, written, taken up by a graceful
reload, and every site is asked. If any of that fails, all is put back and Apache
serves what it served before. docs/apply.md tells it step by step.

Example:
  wsgictl apply --file /srv/shop/wsgictl.toml`
}

func (c applyCommand) Run(ctx context.Context, s *streams) error {
	o, d, err := c.openDeclared(ctx, s, toChange)
	if err != nil {
		return err
	}
	defer o.Close()
	return o.End(ctx, c.run(ctx, o, d))
}

func (c applyCommand) run(ctx context.Context, o *opened, d intent.Declared) error {
	o.Start = c.Start
	var rewritten []store.Change
	if c.TakeCertificate {
		taken, change, err := o.TakeCertificates(d, c.Only)
		if err != nil {
			return err
		}
		d, rewritten = taken, append(rewritten, change)
	}
	d, err := d.Only(c.Only)
	if err != nil {
		return usageError{err}
	}
	progress, done := newProgress(o.streams.stderr)
	module, err := o.FindOrKeep(ctx, d, installer.Request{Progress: progress})
	done()
	if err != nil {
		return err
	}
	return c.apply(ctx, o, d, module, rewritten...)
}
