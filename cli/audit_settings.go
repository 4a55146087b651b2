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
	"github.com/wsgictl/wsgictl/plural"
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
	trusted trust.Trustees // who may decide what is found
}

func (f auditFlags) settings(ctx context.Context, out *streams, flags intent.Given) (auditSettings, error) {
	trusted, err := trust.Deciders().And(f.Trust...)
	if err != nil { // also where nothing is read by it
		return auditSettings{}, usageError{fmt.Errorf("--%w", err)}
	}
	if err := f.readFile(ctx, out, flags, trusted); err != nil {
		return auditSettings{}, err
	}
	s := auditSettings{auditFlags: f, trusted: trusted, Settings: audit.Settings{Select: f.Select, Ignore: f.Ignore}}
	if err := audit.CheckNames(slices.Concat(f.Select, f.Ignore)); err != nil {
		return s, usageError{err}
	}
	if f.Severity != "" {
		if s.Settings.Severity, err = audit.ParseSeverity(f.Severity); err != nil {
			return s, usageError{err}
		}
	}
	if f.ModWSGI != "" {
		if s.release, err = modwsgi.ParseLine(f.ModWSGI); err != nil {
			return s, usageError{err}
		}
	}
	if f.WriteBaseline && f.Baseline == "" {
		return s, usageError{errors.New("--write-baseline: name the file with --baseline")}
	}
	if f.Baseline != "" && !f.WriteBaseline {
		if s.known, err = audit.ReadBaseline(f.Baseline, trusted); err != nil {
			return s, usageError{err}
		}
	}
	return s, nil
}

// writeBaseline makes the findings of now the ones that are known.
func (s auditSettings) writeBaseline(out *streams, result audit.Result, root string) error {
	known := result.Fingerprints(audit.SeenFromBaseline(s.Baseline, root))
	if err := audit.WriteBaseline(s.Baseline, known, s.trusted); err != nil {
		return err
	}
	out.tell(fmt.Sprintf("%s written to %s", plural.Count(len(known), "finding"), s.Baseline))
	return nil
}

// readFile fills in what the file of settings says. One that is just there, and
// not asked for, does not count for root where others can change it: it could
// silence what an audit finds.
func (f *auditFlags) readFile(ctx context.Context, out *streams, flags intent.Given, trusted trust.Trustees) error {
	name := cmp.Or(f.Config, settingsName)
	if _, err := os.Lstat(name); name == os.DevNull || f.Config == "" && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	text, err := audit.ReadDeciding(name, settingsLimit, trusted)
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
