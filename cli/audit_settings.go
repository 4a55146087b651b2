package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// settingsName is the file of settings in the current folder.
const settingsName = ".wsgictl.toml"

// auditSettings are the flags and the file of settings together, checked.
type auditSettings struct {
	audit.Settings
	auditFlags
	release modwsgi.Release // zero when not named
	known   []audit.Fingerprint
}

func (f auditFlags) settings(ctx context.Context, out *streams, flags intent.Given) (auditSettings, error) {
	if _, err := trust.Deciders().And(f.Trust...); err != nil { // also where nothing is read by it
		return auditSettings{}, usageError{fmt.Errorf("--%w", err)}
	}
	if err := f.readFile(ctx, out, flags); err != nil {
		return auditSettings{}, err
	}
	s := auditSettings{auditFlags: f, Settings: audit.Settings{Select: f.Select, Ignore: f.Ignore}}
	if err := audit.CheckNames(slices.Concat(f.Select, f.Ignore)); err != nil {
		return s, usageError{err}
	}
	var err error
	if f.Severity != "" {
		if s.Settings.Severity, err = audit.ParseSeverity(f.Severity); err != nil {
			return s, usageError{err}
		}
	}
	if f.ModWSGI != "" {
		if s.release, err = parseLine(f.ModWSGI); err != nil {
			return s, usageError{err}
		}
	}
	if f.WriteBaseline && f.Baseline == "" {
		return s, usageError{errors.New("--write-baseline: name the file with --baseline")}
	}
	s.known, err = s.readBaseline()
	return s, err
}

// readFile fills in what the file of settings says. One that is just there, and
// not asked for, does not count for root where others can change it: it could
// silence what an audit finds.
func (f *auditFlags) readFile(ctx context.Context, out *streams, flags intent.Given) error {
	name := cmp.Or(f.Config, settingsName)
	if _, err := os.Lstat(name); name == os.DevNull || f.Config == "" && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	text, err := f.readDeciding(name, settingsLimit)
	if f.Config == "" && isUntrusted(err) {
		fmt.Fprintf(out.stderr, "wsgictl: the settings here do not count: %v\n", err)
		return nil
	}
	if err != nil {
		return usageError{fmt.Errorf("read settings: %w", err)}
	}
	var settings struct {
		Audit auditFlags `toml:"audit"`
	}
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&settings); err != nil {
		return usageError{intent.PositionTOML(name, err)}
	}
	verbose.File(ctx, "settings", name)
	flags.Merge(f, settings.Audit)
	return nil
}

const settingsLimit = 1 << 20 // bytes

// readDeciding reads a file by which findings are chosen: for root one that only
// root and those whom it trusts can change.
func (f auditFlags) readDeciding(name string, limit int64) ([]byte, error) {
	trusted, err := trust.Deciders().And(f.Trust...)
	if err != nil {
		return nil, err
	}
	text, err := trusted.ReadFile(name, limit)
	return text, remedied(err, "name")
}

// mayWrite refuses a file that root would write and not read again.
func (f auditFlags) mayWrite(name string) error {
	trusted, err := trust.Deciders().And(f.Trust...)
	if err == nil {
		err = trusted.Check(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return remedied(err, "write")
}

// remedied tells what to do about a file that others can change.
func remedied(err error, verb string) error {
	if !isUntrusted(err) {
		return err
	}
	return fmt.Errorf("%w; as root, %s one that root alone can change%s", err, verb, trust.AtOwnRisk(err))
}
