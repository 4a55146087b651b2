//go:build !linux

package telemetry

import "errors"

// Queues is for Linux alone.
func Queues() (map[string]Queue, error) {
	return nil, errors.ErrUnsupported
}
