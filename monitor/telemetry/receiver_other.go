//go:build !linux

package telemetry

import (
	"errors"
	"fmt"
	"io/fs"
)

// Receiver is for Linux alone: elsewhere the system does not say who sent a datagram.
type Receiver struct{}

// Listen is for Linux alone.
func Listen(path string, _ fs.FileMode) (*Receiver, error) {
	return nil, fmt.Errorf("listen for telemetry at %s: needs Linux: %w", path, errors.ErrUnsupported)
}

// Receive is for Linux alone.
func (*Receiver) Receive() (Sender, []byte, error) { return Sender{}, nil, errors.ErrUnsupported }

// Close is for Linux alone.
func (*Receiver) Close() error { return nil }
