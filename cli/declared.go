package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// declareFlags name what is declared.
type declareFlags struct {
	systemFlags
	keptFlags
	File string `placeholder:"FILE" help:"The declaration (default: ./wsgictl.toml; as root in a folder that others can change, one of /etc/wsgictl)."`
}

// A declared is a wsgictl.toml that was read.
type declared struct {
	path   string // absolute
	file   intent.File
	partly bool     // other sites of the file are left out
	trust  []string // accounts that are trusted for it, as --trust names them
}

// declarationLimit bounds a wsgictl.toml, in bytes.
const declarationLimit = 1 << 20

// read reads the declaration that root alone, or accounts that are trusted, can
// change. What the file itself says of trust counts then. With an error of
// [isUntrusted] comes its path.
func (f declareFlags) read(trusted []string) (declared, error) {
	name := cmp.Or(f.File, defaultDeclaration())
	path, err := filepath.Abs(name)
	if err != nil {
		return declared{}, err
	}
	d := declared{path: path, trust: slices.Clone(trusted)}
	deciders, err := trust.Deciders().And(trusted...)
	if err != nil {
		return d, usageError{err}
	}
	text, err := deciders.ReadFile(path, declarationLimit)
	switch {
	case isUntrusted(err) && isThere(path):
		return d, foreignDeclaration(path, err)
	case isUntrusted(err), errors.Is(err, fs.ErrNotExist): // nothing to copy, whoever's the folder is
		return d, usageError{fmt.Errorf("no %s: write one with \"wsgictl init\", or name it with --file%s", name, keptDeclarations())}
	case err != nil:
		return d, usageError{err}
	}
	if d.file, err = intent.Parse(name, text); err != nil {
		return d, usageError{err}
	}
	if _, err := trust.Deciders().And(d.file.Trust...); err != nil {
		return d, usageError{fmt.Errorf("%s: %w", name, err)}
	}
	d.trust = append(d.trust, d.file.Trust...)
	return d, nil
}

// foreignDeclaration says why a declaration that others can change is not gone
// by, and what to do. The copy is for root's eyes: a link in the declaration's
// place would have root copy what is secret.
func foreignDeclaration(path string, err error) error {
	return fmt.Errorf("the declaration says what Apache does as root, and root alone does not decide about it: %w; copy it to where root alone can write (install -D -m 600 %s %s), look at the copy, and name that with --file%s",
		err, detect.ShellArgument(path), detect.ShellArgument(rootsDeclaration(filepath.Dir(path))), trust.AtOwnRisk(err))
}

// keptDeclarations names those that root keeps, for who has forgotten where.
func keptDeclarations() string {
	kept, err := filepath.Glob(filepath.Join(system.DeclarationFolder(), "*.toml"))
	if err != nil || len(kept) == 0 {
		return ""
	}
	return ", such as " + strings.Join(kept, ", ")
}

// openDeclared opens the Apache for what the file declares. Accounts are trusted
// that are named, those that the file names, and those that were trusted for it
// when it was applied.
func (f declareFlags) openDeclared(ctx context.Context, s *streams, why purpose) (*opened, declared, error) {
	d, refused := f.read(f.Trust)
	if refused != nil && !isUntrusted(refused) {
		return nil, d, refused
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
	verbose.File(ctx, "declaration", d.path)
	return o, d, nil
}

func (o *opened) openFor(ctx context.Context, f declareFlags, d *declared, refused error) error {
	current, err := o.History.Current()
	if err != nil {
		return err
	}
	d.path = current.KnownAs(d.path)
	remembered := stillKnown(current.Trusts(d.path))
	if refused != nil {
		if *d, err = f.read(append(d.trust, remembered...)); err != nil {
			return err
		}
	}
	d.trust = append(d.trust, remembered...)
	return o.begin(ctx, append(stillKnown(current.Trusts("")), d.trust...))
}
