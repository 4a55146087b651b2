package audit

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/wsgictl/wsgictl/trust"
)

// ReadDeciding reads a file by which findings are chosen, up to limit bytes: for root
// one that only those who are trusted can change.
func ReadDeciding(name string, limit int64, trusted trust.Trustees) ([]byte, error) {
	text, err := trusted.ReadFile(name, limit)
	return text, remedied(err, "name")
}

// mayWrite refuses a file that root would write and not read again.
func mayWrite(name string, trusted trust.Trustees) error {
	err := trusted.Check(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return remedied(err, "write")
}

// remedied tells what to do about a file that others can change.
func remedied(err error, verb string) error {
	if !errors.As(err, new(*trust.Untrusted)) {
		return err
	}
	return fmt.Errorf("%w; as root, %s one that root alone can change%s", err, verb, trust.AtOwnRisk(err))
}
