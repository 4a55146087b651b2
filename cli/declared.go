package cli

import (
	"context"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/verbose"
)

// declareFlags name what is declared.
type declareFlags struct {
	systemFlags
	keptFlags
	File string `placeholder:"FILE" help:"The declaration (default: ./wsgictl.toml; as root in a folder that others can change, one of /etc/wsgictl)."`
}

// openDeclared opens the Apache for what the file declares. Accounts are trusted
// that are named, those that the file names, and those that were trusted for it
// when it was applied.
func (f declareFlags) openDeclared(ctx context.Context, s *streams, why purpose) (*opened, intent.Declared, error) {
	d, refused := intent.Read(f.File, f.Trust)
	if refused != nil && !isUntrusted(refused) {
		return nil, d, usageError{refused}
	}
	kept, err := f.folder()
	if err != nil {
		return nil, d, err
	}
	o, err := f.find(ctx, s, why)
	if err != nil {
		return nil, d, err
	}
	o.kept = kept
	if err = o.openFor(ctx, f, &d, refused); err != nil {
		o.unlock()
		return nil, d, err
	}
	verbose.File(ctx, "declaration", d.Path)
	return o, d, nil
}

func (o *opened) openFor(ctx context.Context, f declareFlags, d *intent.Declared, refused error) error {
	current, err := o.History.Current()
	if err != nil {
		return err
	}
	d.Path = current.KnownAs(d.Path)
	remembered := stillKnown(current.Trusts(d.Path))
	if refused != nil {
		if *d, err = intent.Read(f.File, append(d.Trust, remembered...)); err != nil {
			return usageError{err}
		}
	}
	d.Trust = append(d.Trust, remembered...)
	return o.begin(ctx, append(stillKnown(current.Trusts("")), d.Trust...))
}
