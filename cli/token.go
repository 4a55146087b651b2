package cli

import (
	"errors"
	"fmt"

	"github.com/wsgictl/wsgictl/monitor"
)

// readToken reads a --token-file.
func readToken(file string) (string, error) {
	token, err := monitor.ReadToken(file)
	if errors.Is(err, monitor.ErrWeakToken) {
		return "", usageError{fmt.Errorf("--token-file %w", err)}
	}
	return token, err
}
