//go:build !linux

package stacks

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Listener is for Linux alone: elsewhere the system does not say who connected.
type Listener struct{}

// Listen is for Linux alone.
func Listen(path string, _ fs.FileMode, _ func(pid int) bool) (*Listener, error) {
	return nil, fmt.Errorf("listen for stacks at %s: needs Linux: %w", path, errors.ErrUnsupported)
}

// Ask is for Linux alone.
func (*Listener) Ask(time.Duration) []Answer { return nil }

// Replace is for Linux alone.
func (*Listener) Replace(int) bool { return false }

// Close is for Linux alone.
func (*Listener) Close() error { return nil }
