package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/wsgictl/wsgictl/trust"
)

// baselineFile is the form of a baseline: the findings to leave out.
type baselineFile struct {
	Version  int           `json:"version"`
	Findings []Fingerprint `json:"findings"`
}

const baselineLimit = 64 << 20 // bytes

// ReadBaseline gives the findings that a baseline knows.
func ReadBaseline(name string, trusted trust.Trustees) ([]Fingerprint, error) {
	text, err := ReadDeciding(name, baselineLimit, trusted)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w; --write-baseline makes one", err)
	}
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	var baseline baselineFile
	if err := json.Unmarshal(text, &baseline); err != nil {
		return nil, fmt.Errorf("read baseline %s: %w", name, err)
	}
	if baseline.Version != 1 {
		return nil, errors.New("read baseline " + name + ": it is of another version; write it again with --write-baseline")
	}
	return baseline.Findings, nil
}

// WriteBaseline makes findings the ones that a baseline knows. For root it is one that
// only those who are trusted can change.
func WriteBaseline(name string, known []Fingerprint, trusted trust.Trustees) error {
	text, err := json.MarshalIndent(baselineFile{1, known}, "", "  ")
	if err != nil {
		return err
	}
	if err = mayWrite(name, trusted); err == nil {
		err = trust.WriteFile(name, append(text, '\n'), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	return nil
}

// SeenFromBaseline gives what writes a path as seen from the folder of a baseline, so
// that a checkout may lie anywhere, and the caller stand anywhere in it. Paths below a
// root are those of another host.
func SeenFromBaseline(name, root string) func(path string) string {
	folder, err := filepath.Abs(filepath.Dir(name))
	return func(path string) string {
		relative, relativeErr := filepath.Rel(folder, path)
		if root != "" || err != nil || relativeErr != nil {
			return path
		}
		return relative
	}
}
