package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/trust"
)

// baselineFile is the form of a baseline: the findings to leave out.
type baselineFile struct {
	Version  int                 `json:"version"`
	Findings []audit.Fingerprint `json:"findings"`
}

const baselineLimit = 64 << 20 // bytes

// readBaseline gives the findings that the baseline knows.
func (s auditSettings) readBaseline() ([]audit.Fingerprint, error) {
	if s.Baseline == "" || s.WriteBaseline {
		return nil, nil
	}
	text, err := s.readDeciding(s.Baseline, baselineLimit)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w; --write-baseline makes one", err)
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("read baseline: %w", err)}
	}
	var baseline baselineFile
	if err := json.Unmarshal(text, &baseline); err != nil {
		return nil, usageError{fmt.Errorf("read baseline %s: %w", s.Baseline, err)}
	}
	if baseline.Version != 1 {
		return nil, usageError{errors.New("read baseline " + s.Baseline + ": it is of another version; write it again with --write-baseline")}
	}
	return baseline.Findings, nil
}

// writeBaseline makes the findings of now the ones that are known.
func (s auditSettings) writeBaseline(out *streams, result audit.Result, root string) error {
	baseline := baselineFile{Version: 1, Findings: result.Fingerprints(s.seenFromBaseline(root))}
	text, err := json.MarshalIndent(baseline, "", "  ")
	if err != nil {
		return err
	}
	if err := s.mayWrite(s.Baseline); err != nil {
		return usageError{fmt.Errorf("write baseline: %w", err)}
	}
	if err := trust.WriteFile(s.Baseline, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	fmt.Fprintf(out.stderr, "wsgictl: %s written to %s\n", plural.Count(len(baseline.Findings), "finding"), s.Baseline)
	return nil
}

// seenFromBaseline gives what writes a path as seen from the folder of the baseline, so
// that a checkout may lie anywhere, and the caller stand anywhere in it. Paths below a
// root are those of another host.
func (s auditSettings) seenFromBaseline(root string) func(name string) string {
	folder, err := filepath.Abs(filepath.Dir(s.Baseline))
	return func(name string) string {
		relative, relativeErr := filepath.Rel(folder, name)
		if root != "" || err != nil || relativeErr != nil {
			return name
		}
		return relative
	}
}
