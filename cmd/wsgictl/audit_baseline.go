package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/google/renameio/v2"

	"github.com/wsgictl/wsgictl/audit"
)

// baselineFile is the form of a baseline: the findings to leave out.
type baselineFile struct {
	Version  int                 `json:"version"`
	Findings []audit.Fingerprint `json:"findings"`
}

// applyBaseline leaves out the findings that the baseline knows, or writes all
// of them into it.
func (s auditSettings) applyBaseline(result audit.Result) (audit.Result, error) {
	if s.Baseline == "" {
		return result, nil
	}
	if s.WriteBaseline {
		return s.writeBaseline(result)
	}
	text, err := os.ReadFile(s.Baseline)
	if err != nil {
		return result, usageError{fmt.Errorf("read baseline: %w; --write-baseline makes one", err)}
	}
	var baseline baselineFile
	if err := json.Unmarshal(text, &baseline); err != nil {
		return result, usageError{fmt.Errorf("read baseline %s: %w", s.Baseline, err)}
	}
	if baseline.Version != 1 {
		return result, usageError{errors.New("read baseline " + s.Baseline + ": it is of another version; write it again with --write-baseline")}
	}
	return result.Without(baseline.Findings, relativeHere), nil
}

func (s auditSettings) writeBaseline(result audit.Result) (audit.Result, error) {
	baseline := baselineFile{Version: 1, Findings: result.Fingerprints(relativeHere)}
	text, err := json.MarshalIndent(baseline, "", "  ")
	if err != nil {
		return result, err
	}
	if err := renameio.WriteFile(s.Baseline, append(text, '\n'), 0o644); err != nil {
		return result, fmt.Errorf("write baseline: %w", err)
	}
	return result.Without(baseline.Findings, relativeHere), nil
}
